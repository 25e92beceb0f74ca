"""Protocol: what everybody who asks an endpoint of the OpenAI protocol needs: its address, its key, its dialect."""
