"""Who is inside, by all gates together: what a scanner keeps for the hour in which it must count without us."""

from __future__ import annotations

import base64
from typing import Any

from flask.views import MethodView

from accredit.db.session import reading
from accredit.services import devices
from accredit.services.devices import DeviceObstacle
from accredit.services.inside import MOST_NAMED, PlaceInside, who_is_inside
from accredit.web.access import bearer_token
from accredit.web.errors import stop, stop_unknown
from accredit.web.gate_api import stamp
from accredit.web.openapi import ApiBlueprint
from accredit.web.parts import parts

blueprint = ApiBlueprint("inside", __name__, url_prefix="/api/v1/gate", description="For enrolled scanners")


@blueprint.route("/inside")
class Inside(MethodView):
    """Who is where."""

    @blueprint.doc(
        summary="Who is inside, by all gates together",
        security=[{"device": []}],
        responses={"200": {"description": "Serials by place, without names", "content": {"application/json": {}}}},
    )
    def get(self) -> dict[str, Any]:
        """The site and each door: serials that are in and out in base64, joined, and how many came without a pass."""
        now = parts().clock()
        with reading(parts().engine) as session:
            device = devices.device_of_token(session, bearer_token())
            if isinstance(device, devices.DeviceRefused):
                if device.code is DeviceObstacle.SWITCHED_OFF:
                    stop(403, device.code.value, device.message)
                stop_unknown(device.code.value, device.message)
            places = who_is_inside(session, devices.event_of(session, device), now)
        return {"at": stamp(now), "places": list(map(_told, places))}


def _told(one: PlaceInside) -> dict[str, Any]:
    return {
        "place": one.place,
        "inside": len(one.inside),
        "out": len(one.out),
        "unnamed": one.unnamed,
        "serials_inside": _joined(one.inside),
        "serials_out": _joined(one.out),
    }


def _joined(serials: tuple[bytes, ...]) -> str:
    return base64.b64encode(b"".join(serials[:MOST_NAMED])).decode()
