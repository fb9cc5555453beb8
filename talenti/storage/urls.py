"""The one address of files."""

from django.urls import path

from talenti.storage.views import file_view

urlpatterns = [path("files/<str:token>", file_view, name="file")]
