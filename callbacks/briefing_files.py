"""Files of the briefing page: templates in, the default template and editions out."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks.data_files import UPLOAD_HEADER, download, is_own_page, refusal
from dashboard.access import current_user, may
from dashboard.briefing.desk import HOUSE, BriefingDesk, template_of
from dashboard.briefing.editions import NoEditionError, content_of
from dashboard.briefing.template_checks import MAX_FILE
from dashboard.events import LOG
from dashboard.services import Services
from dashboard.uploads import plain_name
from dashboard.wording import Words
from data.errors import GovernanceError

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def serve_briefing_files(server: Flask, services: Services, desk: BriefingDesk) -> None:
    """Add the routes."""

    @server.post("/briefing/template")
    def take_template() -> Any:
        words = Words(request.headers.get(UPLOAD_HEADER, services.settings.lang))
        if not is_own_page():
            return refusal(words("data.upload.foreign"), 403)
        if not may(current_user(), "export"):
            return refusal(words("briefing.refused"), 403)
        try:
            file = request.files.get("template")
        except RequestEntityTooLarge:
            return refusal(words("data.upload.too_large", limit=MAX_FILE // 2**20), 413)
        if file is None:
            return refusal(words("briefing.order.template_none"), 400)
        try:
            token, template = desk.keep_template(plain_name(file.filename or ""), file.stream)
        except GovernanceError as error:
            return refusal(str(error), 400)
        except OSError:
            LOG.exception("template cannot be kept")
            return refusal(words("data.upload.no_room"), 507)
        return jsonify(token=token, name=template.name, kinds=sorted(template.faces))

    @server.get("/briefing/template.pptx")
    def give_template() -> Response:
        lang = "en" if request.args.get("lang") == "en" else "zh"
        settings = services.settings.model_copy(update={"deck_template": ""})
        return download(template_of(settings, lang).content, HOUSE, PPTX)

    @server.get("/briefing/edition/<int:number>.pptx")
    def edition(number: int) -> Response:
        words, user = Words(services.settings.lang), current_user()
        if not may(user, "export"):
            return Response(words("briefing.refused"), status=403, mimetype="text/plain")
        try:
            found, content = content_of(services.reader().engine, number, user)
        except NoEditionError as error:
            return Response(str(error), status=404, mimetype="text/plain")
        except (SQLAlchemyError, OverflowError) as error:
            LOG.error("edition cannot be read", reason=str(error))
            return Response(words("failing.store"), status=503, mimetype="text/plain")
        services.audit("export", f"edition {number}", file=found.file_name, sha256=found.sha256)
        return download(content, found.file_name, PPTX)
