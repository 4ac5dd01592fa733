"""What providers tell us. A body is verified as it came, and 2xx means that its effect is stored."""

from __future__ import annotations

from flask import Blueprint

from blueprints.webhooks import resend, stripe
from web.limits import limiter

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")
limiter.exempt(bp)
bp.add_url_rule("/resend", "resend", resend.receive, methods=["POST"])
bp.add_url_rule("/stripe", "stripe", stripe.receive, methods=["POST"])
