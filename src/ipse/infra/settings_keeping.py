"""What may be set about what is kept; a part of `ipse.infra.settings.Settings`, which reads and checks them."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class KeepingSettings(BaseModel):
    """What one may choose about where blobs rest, and how people are."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    blob_store: str = ""
    """Where kept pictures rest, encrypted: `s3://BUCKET/PREFIX` or `file:///FOLDER`. Empty: `data_dir/blobs`."""

    s3_endpoint: str = ""
    """The address of the object store, `https://s3.example.org`. Empty: that of AWS in `s3_region`."""

    s3_region: str = "us-east-1"
    """The region of the bucket."""

    s3_access_key: str = ""
    """The name of the key to the bucket. Empty: what the machine itself was given (environment, instance role)."""

    s3_secret_key: SecretStr | None = None
    """The secret of that key."""

    person_keys: bool = Field(default=True)
    """Whether people are entered under a data key of their own, which goes with them; `false` only while servers of the
    version before, which cannot read such rows, share the database."""

    review_four_eyes: bool = False
    """Whether two different people must agree on a case; where they differ, an administrator decides."""

    review_days: float = Field(default=30.0, ge=0, le=3650)
    """Days for which cases are remembered: card jobs and captures that warned. 0: nobody is asked to look at any."""

    webhook_days: float = Field(default=3.0, ge=1, le=365)
    """Days for which what webhooks were told, sealed, can be told again. They are tried for a day by themselves."""

    @field_validator("blob_store")
    @classmethod
    def _is_a_store(cls, address: str) -> str:
        """Refuse what is no address of a store, without repeating it."""
        kind, _, rest = address.partition("://")
        if address and (kind not in {"s3", "file"} or not rest.strip("/") or (kind == "file" and rest[0] != "/")):
            message = "write s3://BUCKET, s3://BUCKET/PREFIX or file:///FOLDER"
            raise ValueError(message)
        return address

    @field_validator("s3_endpoint")
    @classmethod
    def _is_served_by_http(cls, address: str) -> str:
        """Refuse an address that is not of the web, without repeating it."""
        if address and not address.startswith(("http://", "https://")):
            message = "write https://HOST or http://HOST:PORT"
            raise ValueError(message)
        return address
