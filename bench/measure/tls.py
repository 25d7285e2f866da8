"""One key, one cipher, one curve for every server: ECDSA P-256, TLS 1.3, TLS_AES_128_GCM_SHA256, X25519."""

import subprocess
from pathlib import Path

CIPHER = "TLS_AES_128_GCM_SHA256"

# The client allows nothing else, so that every server negotiates the same, whatever it would prefer.
_CLIENT_CONFIG = f"""openssl_conf = c
[c]
ssl_conf = s
[s]
system_default = d
[d]
MinProtocol = TLSv1.3
Ciphersuites = {CIPHER}
Groups = X25519
"""


class TlsFiles:
    """A new self-signed certificate, and the OpenSSL configuration that clients get by OPENSSL_CONF."""

    def __init__(self, folder: Path) -> None:
        self.key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        self.both, self.client_config = folder / "both.pem", folder / "openssl.cnf"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.key, "-out", self.certificate],
                       check=True, capture_output=True)
        self.both.write_text(self.certificate.read_text() + self.key.read_text())
        self.client_config.write_text(_CLIENT_CONFIG)

    def negotiated(self, port: int) -> str:
        """Version and cipher that the server at the port agrees to with such a client."""
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}"], input="", capture_output=True, text=True, check=False,
                              env={"OPENSSL_CONF": str(self.client_config)})
        return next((line.removeprefix("New, ") for line in done.stdout.splitlines() if line.startswith("New, ")), "nothing: " + done.stderr.strip())
