"""The stories that the pipeline tells, one flow a file, and the command line that starts them."""

from paragraf.environment import set_defaults

set_defaults()
