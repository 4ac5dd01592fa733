"""`python -m local.auth_mails`: write Supabase Auth's mail templates from our own mail layout.

Auth fills in `{{ .SiteURL }}`, `{{ .TokenHash }}` and `{{ .NewEmail }}`; nothing else, since the local stack
knows no more. What is written is committed, and a test holds it up to date.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "supabase" / "templates"


@dataclass(frozen=True)
class Words:
    """What one mail says in one language."""

    language: str
    title: str
    why: str
    action: str
    otherwise: str


@dataclass(frozen=True)
class AuthMail:
    """`type` is what our `/auth/confirm` hands to Auth with the token's hash."""

    name: str
    type: str
    english: Words
    french: Words


MAILS = [
    AuthMail(
        "confirmation",
        "signup",
        Words(
            "en",
            "Confirm your address",
            "One more step and your account is ready. The link works once, for one hour.",
            "Confirm my address",
            "If you did not sign up at Guichet, do nothing: without this step there is no account.",
        ),
        Words(
            "fr",
            "Confirmez votre adresse",
            "Encore une étape et votre compte est prêt. Le lien fonctionne une fois, pendant une heure.",
            "Confirmer mon adresse",
            "Si vous ne vous êtes pas inscrit sur Guichet, ne faites rien : sans cette étape, pas de compte.",
        ),
    ),
    AuthMail(
        "recovery",
        "recovery",
        Words(
            "en",
            "Choose a new password",
            "Someone, probably you, asked for a new password. The link works once, for one hour.",
            "Choose a new password",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        Words(
            "fr",
            "Choisissez un nouveau mot de passe",
            "Quelqu’un, sans doute vous, a demandé un nouveau mot de passe. Le lien fonctionne une fois, "
            "pendant une heure.",
            "Choisir un nouveau mot de passe",
            "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.",
        ),
    ),
    AuthMail(
        "magic_link",
        "magiclink",
        Words(
            "en",
            "Your sign-in link",
            "This link signs you in without a password. It works once, for one hour.",
            "Sign in",
            "If you did not ask for it, do nothing: nobody is signed in.",
        ),
        Words(
            "fr",
            "Votre lien de connexion",
            "Ce lien vous connecte sans mot de passe. Il fonctionne une fois, pendant une heure.",
            "Me connecter",
            "Si vous n’avez rien demandé, ne faites rien : personne n’est connecté.",
        ),
    ),
    AuthMail(
        "email_change",
        "email_change",
        Words(
            "en",
            "Confirm your new address",
            "From now on your account shall be at {{ .NewEmail }}. The link works once, for one hour.",
            "Confirm the new address",
            "If you did not ask for this, do nothing: your account keeps its address.",
        ),
        Words(
            "fr",
            "Confirmez votre nouvelle adresse",
            "Votre compte passera à l’adresse {{ .NewEmail }}. Le lien fonctionne une fois, "
            "pendant une heure.",
            "Confirmer la nouvelle adresse",
            "Si vous n’avez rien demandé, ne faites rien : votre compte garde son adresse.",
        ),
    ),
    AuthMail(
        "invite",
        "invite",
        Words(
            "en",
            "You are invited",
            "Someone would like you to join them at Guichet. The link works once, for one hour.",
            "Accept the invitation",
            "If you would rather not, do nothing: there is no account without you.",
        ),
        Words(
            "fr",
            "Vous avez une invitation",
            "Quelqu’un vous invite à le rejoindre sur Guichet. Le lien fonctionne une fois, "
            "pendant une heure.",
            "Accepter l’invitation",
            "Si vous préférez ne pas venir, ne faites rien : sans vous, pas de compte.",
        ),
    ),
]


def page(mail: AuthMail) -> str:
    """The template of this mail, as Supabase Auth wants it: one HTML file, styles inline."""
    environment = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    html = environment.get_template("mail/auth.html").render(
        language="en",
        subject=mail.english.title,
        words=[mail.english, mail.french],
        site_url="{{ .SiteURL }}",
        link=f"{{{{ .SiteURL }}}}/auth/confirm?token_hash={{{{ .TokenHash }}}}&type={mail.type}",
    )
    return css_inline.CSSInliner(load_remote_stylesheets=False).inline(html) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for mail in MAILS:
        (FOLDER / f"{mail.name}.html").write_text(page(mail), encoding="utf-8")


if __name__ == "__main__":
    main()
