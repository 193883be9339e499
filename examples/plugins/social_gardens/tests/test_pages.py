"""The gardens on the pages of the whole program, in the demo network."""

import re

from core.testing.demo_network import hidden

BASE, API = "/m/social-gardens", "/api/v1/social-gardens"


def test_a_free_plot_is_offered_from_its_page_to_the_first_who_waits(client):
    free = client.get(f"{API}/plots?filter[state]=free&size=1").json["items"][0]
    garden = client.get(f"{BASE}/gardens/{free['garden']}").text
    first = re.search(rf"{BASE}/requests/([0-9a-f-]+)", garden)[1]
    season = client.get(f"{API}/seasons").json["items"][0]
    address = f"{BASE}/plots/{free['id']}/offer"

    sent = client.post(address, data={**hidden(client.get(address).text), "season": season["id"]})

    assert sent.status_code == 303, sent.text
    assert client.get(f"{API}/requests/{first}").json["state"] == "offered"
    assert client.get(f"{API}/plots/{free['id']}").json["state"] == "taken"


def test_the_card_and_the_tab_tell_of_the_gardens_in_italian(client):
    given = client.get(f"{API}/assignments").json["items"][0]
    tab = client.get(f"/people/{given['person']}/tab/gardens").text

    assert "Orti liberi" in client.get("/").text
    assert given["number"] in tab
    assert "Aree ortive" in tab


def test_the_search_finds_a_plot_and_an_assignment(client):
    given = client.get(f"{API}/assignments").json["items"][0]

    assert given["number"] in client.get(f"/search?q={given['number']}").text
    assert "Orti del Chiese" in client.get("/search?q=chiese").text
