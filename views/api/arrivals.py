"""Fathom's deliveries as the API tells of them."""

from pydantic import BaseModel, ConfigDict, Field


class FathomDeliveryBody(BaseModel):
    """A recording as Fathom sends and signs it: a Meeting object without an envelope."""

    model_config = ConfigDict(extra="allow")

    recording_id: int = Field(description="Recording at Fathom", examples=[734000101])
    title: str = Field(description="Title of the meeting", examples=["Hartwell: rollout"])


class FathomDeliveryQuery(BaseModel):
    """Which webhook it is."""

    hook: str = Field(
        "",
        max_length=64,
        description="Our identifier of the webhook, part of the address that Fathom was given",
        examples=["4a1f0d1e6f0b4c0c9d6a5f6f8f3c2b1a"],
    )


class FathomReceivedAnswer(BaseModel):
    """The delivery is kept, and is read by a job."""

    received: bool = Field(description="Whether the delivery is kept, always true", examples=[True])
    repeated: bool = Field(description="Whether the delivery was here already", examples=[False])
