"""Doctor: the installation, the machine and the workspace in; what is in order, what is not, and what to do, out."""

from paragraf.doctor.finding import FAULT_CODE, Finding, table
from paragraf.doctor.installation import installation
from paragraf.doctor.keys import keys
from paragraf.doctor.leftovers import leftovers
from paragraf.doctor.machine import machine
from paragraf.doctor.stores import stores

__all__ = ["FAULT_CODE", "Finding", "installation", "keys", "leftovers", "machine", "stores", "table"]
