"""Stage: what the settings of every stage have in common."""

from pydantic import BaseModel, ConfigDict


class StageSettings(BaseModel):
    """Frozen, no unknown keys, finite numbers only; the default of every field is the small offline run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)
