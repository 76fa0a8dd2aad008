"""A token for whoever is signed in, with PyJWT: pip install pyjwt"""

import secrets
import time

import jwt


def token_for(subject: str, site: str, secret: str, groups: list[str] | None = None, seconds: int = 600) -> str:
    now = int(time.time())
    claims = {
        "sub": subject,  # who is asking, in your own words: a staff number, a login; conversations are kept under it
        "aud": site,
        "iat": now,
        "exp": now + seconds,  # an hour at most
        "jti": secrets.token_urlsafe(12),
        "groups": groups or [],
    }
    return jwt.encode(claims, secret, algorithm="HS256")


if __name__ == "__main__":
    import os
    import sys

    print(token_for(sys.argv[1], sys.argv[2], os.environ["TANYA_SECRET"]))
