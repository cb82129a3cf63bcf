"""Reads pages, scripts and digital signatures of a PDF from outside. Runs only in the child process of `limited`.

`signatures` says what it means when that ends early. Nothing is fetched from the network.
"""

import asyncio
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager

#: A leader, a seal and whoever confirms by signing: more than this is no paper of an office.
MOST_SIGNATURES = 20
LONGEST_NAME = 200
#: The full name of a field and the field.
Field = tuple[str, DictionaryObject]
#: Certificates of offices state one or the other.
SIGNING_USE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
TRUST_PROBLEMS = {
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "revoked",
    AdESIndeterminate.EXPIRED: "expired",
    AdESIndeterminate.NOT_YET_VALID: "expired",
    AdESFailure.NOT_YET_VALID: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "expired",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak",
}


def read_roots(folder: Path) -> tuple[list[x509.Certificate], list[str]]:
    """The certificates in a folder, PEM or DER, and the names of files that are none."""
    roots, no_certificates = [], []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            certificates = list(load_certs_from_pemder_data(path.read_bytes()))
            for certificate in certificates:
                str(certificate.subject.native)  # read now: asn1crypto reads when it is asked
        except (ValueError, TypeError):
            certificates = []
        roots += certificates
        if not certificates:
            no_certificates.append(path.name)
    return roots, no_certificates


def read(content: bytes, folder: str) -> Iterator[dict[str, Any]]:
    """First the paper (`{"pages", "scripts"}` or `{"refused"}`), then its `{"signatures": [...]}`, absent
    when they cannot be read. `folder` holds the certificates that are trusted; "" for none."""
    facts = paper(content)
    yield facts
    if "refused" not in facts:
        roots = read_roots(Path(folder))[0] if folder else []
        yield {"signatures": signatures(content, roots)}


# --- the paper ----------------------------------------------------------------------------------------


def paper(content: bytes) -> dict[str, Any]:
    """How many pages the PDF has and whether it holds scripts, or why it is refused."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            if not pages:
                return {"refused": "broken"}
            return {"pages": pages, "scripts": b"/JavaScript" in content or has_script(pdf)}
    except pikepdf.PasswordError:
        return {"refused": "password"}
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError):
        return {"refused": "broken"}


def has_script(pdf: pikepdf.Pdf) -> bool:
    """Whether a script stands where programs run it when the file is opened. A courtesy, no scanner."""
    names = pdf.Root.get("/Names")
    action = pdf.Root.get("/OpenAction")
    return (isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names) or (
        isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/JavaScript"
    )


# --- the signatures -----------------------------------------------------------------------------------


def open_signed(content: bytes) -> tuple[PdfFileReader, list[Field]]:
    """The file as its signatures are judged, and its signed fields by their names.

    Strictly at first. Scanners and old tools write loosely, and Word gives its PDFs two tables of
    cross-references, which pyHanko refuses to judge strictly because readers of before 2003 would see
    another text: those are read loosely, and what came after a signature is still compared.
    """
    try:
        reader = PdfFileReader(io.BytesIO(content))
        fields = signed_fields(reader)
        if not reader.xrefs.hybrid_xrefs_present:
            return reader, fields
    except PdfError:
        pass
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    return reader, signed_fields(reader)


def signed_fields(reader: PdfFileReader) -> list[Field]:
    """The signed fields with their names. PdfError for more than `MOST_SIGNATURES`."""
    if reader.encrypted:
        reader.decrypt("")  # one with a user's password did not come so far
    fields = enumerate_sig_fields(reader, filled_status=True)
    named = [(name, field) for name, _, field in fields]
    if len(named) > MOST_SIGNATURES:
        raise PdfError("too many signatures")
    return named


def signatures(content: bytes, roots: list[x509.Certificate]) -> list[dict[str, Any]]:
    """Each signature in the order they were made; last those that cannot be read.

    pyHanko leaves out what it does not know, and stops at what it cannot parse. Here each signed field has an
    entry, and a broken one hides no other.
    """
    reader, fields = open_signed(content)
    names = {name for name, _ in fields}
    read, unread = [], []
    for name, field in fields:
        try:
            signature = EmbeddedPdfSignature(reader, field, name)
            if signature.sig_object_type == "/Sig":  # the others are stamps of time alone
                read.append(signature)
        except Exception:  # noqa: BLE001 – whatever it is, it is no signature that can be judged
            unread.append({"intact": None})
    read.sort(key=lambda signature: signature.signed_revision)
    return [judged(signature, names, roots) for signature in read] + unread


def judged(
    signature: EmbeddedPdfSignature, names: set[str], roots: list[x509.Certificate]
) -> dict[str, Any]:
    context = ValidationContext(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        allow_fetching=False, revocation_mode="soft-fail",
    )  # fmt: skip
    try:
        status = asyncio.run(
            async_validate_pdf_signature(signature, context, key_usage_settings=SIGNING_USE)
        )
        return {**signer(signature), **verdict(signature, status, names)}
    except Exception:  # noqa: BLE001 – as above
        return {**signer(signature), "intact": None}


def verdict(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, names: set[str]
) -> dict[str, Any]:
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    claimed = status.signer_reported_dt or (stamp and stamp.timestamp)
    moment = stamp.timestamp if stamp is not None and stamped else claimed
    return {
        "intact": bool(status.intact and status.valid),
        "coverage": coverage(status, names),
        "trust": trust(status),
        "signed_at": moment.isoformat() if isinstance(moment, datetime) else "",
        "timestamped": bool(stamped),
    }


def coverage(status: PdfSignatureStatus, names: set[str]) -> str:
    """`whole`; `signed_on` when nothing but signatures (`names`) came after; `added_to` otherwise."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "whole"
    changes = status.diff_result
    if not isinstance(changes, DiffResult) or not status.docmdp_ok:
        return "added_to"
    lasting = changes.modification_level <= ModificationLevel.LTA_UPDATES
    signing = (
        changes.modification_level == ModificationLevel.FORM_FILLING
        and changes.changed_form_fields <= names
    )
    return "signed_on" if lasting or signing else "added_to"


def trust(status: PdfSignatureStatus) -> str:
    if status.revoked:
        return "revoked"
    if status.validation_path is not None and status.trust_problem_indic is None:
        return "trusted"
    return TRUST_PROBLEMS.get(status.trust_problem_indic, "unknown")  # type: ignore[arg-type]


def signer(signature: EmbeddedPdfSignature) -> dict[str, str]:
    """Who signed, by the certificate. Its number finds it again; numbers of a person's papers
    (`CCCD:…`) that certificates bear are nobody's business here."""
    try:
        certificate = signature.signer_cert
        subject, issuer = certificate.subject.native, certificate.issuer.native
        number = f"{certificate.serial_number:x}"
    except Exception:  # noqa: BLE001 – as above
        return {}
    units = (subject.get("organizational_unit_name"), subject.get("organization_name"))
    return {
        "signer": name_text(subject.get("common_name")),
        "organisation": ", ".join(filter(None, map(name_text, units)))[:LONGEST_NAME],
        "issuer": name_text(issuer.get("common_name") or issuer.get("organization_name")),
        "certificate": number[:64],
    }


def name_text(value: Any) -> str:
    """A value of a name as text; several of one kind are given as a list."""
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(part) for part in parts if part)[:LONGEST_NAME]
