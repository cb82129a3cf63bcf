"""What a view takes: a request of somebody who is logged in."""

from django.http import HttpRequest

from ..models import User


class Request(HttpRequest):
    """A request behind `middleware.LoginFirst`, which lets nobody else through: its user is an account of ours.

    A view marked `login_not_required` takes Django's own `HttpRequest` (`tests/access/test_access.py` compares them).
    """

    user: User
