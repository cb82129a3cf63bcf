"""Signing a PDF: keys and certificates of an authority of the tests' own, for tests and pictures."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

AUTHORITY = "Cơ quan chứng thực thử nghiệm"
LEADER, SEAL = "Trịnh Văn Sơn", "Ủy ban nhân dân xã Hà Sơn"


class Holder:
    """Somebody with a key and a certificate."""

    def __init__(self, name: str, issuer: "Holder | None" = None, days: int = 30,
                 stamps: bool = False, office: str = SEAL) -> None:  # fmt: skip
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, office),
            x509.NameAttribute(NameOID.USER_ID, "CCCD:038012345678"),
        ])  # fmt: skip
        end = datetime.now(UTC) + timedelta(days=days)
        made = (
            x509.CertificateBuilder().subject_name(self.name)
            .issuer_name(issuer.name if issuer else self.name)
            .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(end - timedelta(days=60)).not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=issuer is None,
                crl_sign=issuer is None, encipher_only=False, decipher_only=False), critical=True)
        )  # fmt: skip
        if stamps:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(usage, critical=True)
        self.certificate = made.sign(issuer.key if issuer else self.key, hashes.SHA256())

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def signer(self) -> signers.SimpleSigner:
        return signers.SimpleSigner(*self.pair(), cert_registry=SimpleCertificateStore())

    def pair(self) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]:
        kinds = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        key = self.key.private_bytes(*kinds, serialization.NoEncryption())
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return asn1_x509.Certificate.load(der), keys.PrivateKeyInfo.load(key)


@cache
def holder(name: str, **more: Any) -> Holder:
    """Keys are slow to make, so each is made once."""
    return Holder(name, None if name == AUTHORITY else holder(AUTHORITY), **more)


def sign(pdf: bytes, who: Holder, stamped: bool = False) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    field = signers.PdfSignatureMetadata(field_name=f"K{len(pdf)}")
    stamper = DummyTimeStamper(*holder("Dấu thời gian", stamps=True).pair()) if stamped else None
    return signers.sign_pdf(writer, field, who.signer(), timestamper=stamper).getvalue()


def add_words(pdf: bytes, words: str = "Ky boi: Trinh Van Son") -> bytes:
    """The same file with a line more on its first page, written behind what was signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    name = generic.NameObject
    font = generic.DictionaryObject({
        name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"),
        name("/BaseFont"): name("/Helvetica"),
    })  # fmt: skip
    fonts = generic.DictionaryObject({name("/Them"): writer.add_object(font)})
    resources = generic.DictionaryObject({name("/Font"): fonts})
    drawn = f"Q q 1 0 0 1 0 0 cm BT /Them 9 Tf 300 30 Td ({words}) Tj ET".encode()
    stream = generic.StreamObject(stream_data=drawn)
    writer.add_stream_to_page(0, writer.add_object(stream), resources=resources)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
