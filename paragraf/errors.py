"""Errors: what a user can mend, each with the exit code that a script sees (numbers from sysexits.h where one fits)."""


class ParagrafError(Exception):
    """One line that names the thing, where it is, what was found and what to do."""

    exit_code = 1


class BadSettings(ParagrafError):
    """A flag, key or value that does not exist or is out of bounds."""

    exit_code = 2


class BadRow(ParagrafError):
    """A row or file that cannot be read as a question with an answer; names file and row."""

    exit_code = 65


class TooFewRows(ParagrafError):
    """Too little data is left to go on."""

    exit_code = 65


class NotValid(ParagrafError):
    """A critical expectation failed; names the rule, the value found and the rows."""

    exit_code = 65


class NotComparable(ParagrafError):
    """Models that are to be compared were not measured on the same test items; names the models and the items."""

    exit_code = 65


class MissingInput(ParagrafError):
    """A file, model or run that was named is not there."""

    exit_code = 66


class ChildFailed(ParagrafError):
    """A child process ended before its work was done; names the cause and the log file."""

    exit_code = 70


class NoPermission(ParagrafError):
    """A folder cannot be written."""

    exit_code = 73


class NoSpace(ParagrafError):
    """The disk is full; whatever was half-written has been removed."""

    exit_code = 74


class Busy(ParagrafError):
    """Another live run holds what this one needs."""

    exit_code = 75


class Damaged(ParagrafError):
    """Files at rest do not match their manifest."""

    exit_code = 76


class Diverged(ParagrafError):
    """Training produced a loss, gradient or weight that is not a finite number."""

    exit_code = 76


class Refused(ParagrafError):
    """An endpoint refuses for good: the key, a permission, the quota, what was sent; names what it says."""

    exit_code = 77


class NotThere(Refused):
    """An endpoint knows no such model, file or job."""


class JobFailed(ParagrafError):
    """A training at an endpoint ended without a model; names the job and the endpoint's reason."""

    exit_code = 70


class Unavailable(ParagrafError):
    """An endpoint does not answer as it should; what was begun there goes on, and the same run can be repeated.

    Attributes:
        wait_seconds: how long the endpoint asks to be left alone, 0 if it does not say.
    """

    exit_code = 75
    wait_seconds: float = 0.0


class Unanswered(Unavailable):
    """It is not known whether an endpoint did what it was asked: no answer came, or none that can be read."""


class Withheld(ParagrafError):
    """A version may not become champion, by its verdict, the settings or a person's decision."""

    exit_code = 78


class Outrun(ParagrafError):
    """Another promotion was first; names it."""

    exit_code = 79


class RolledBack(ParagrafError):
    """A new champion failed its smoke test, and the one before it is back."""

    exit_code = 80
