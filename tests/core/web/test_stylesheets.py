"""Which rules of the framework stay."""

import pytest

from core.web.stylesheets import purge, words_of


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".btn{a:b}", ".btn{a:b}"),
        (".carousel{a:b}", ""),
        (".btn,.carousel .btn{a:b}", ".btn{a:b}"),
        ("a:not(.carousel):hover{a:b}", "a:not(.carousel):hover{a:b}"),
        (".btn:is(.carousel,.badge){a:b}", ".btn:is(.carousel,.badge){a:b}"),
        ("@media(min-width:1px){.carousel{a:b}}", ""),
        ("@media(min-width:1px){.btn{a:b}.carousel{a:b}}", "@media(min-width:1px){.btn{a:b}}"),
        ("@supports(a:b){@media print{.btn{a:b}}}", "@supports(a:b){@media print{.btn{a:b}}}"),
        ("@keyframes x{0%{a:b}50.5%{a:c}}", "@keyframes x{0%{a:b}50.5%{a:c}}"),
        ('@charset "UTF-8";.btn{a:b}', '@charset "UTF-8";.btn{a:b}'),
        ("/* .btn{ */ul{a:b}", "ul{a:b}"),
        ('.btn::after{content:"} .x{"}', '.btn::after{content:"} .x{"}'),
        ('.btn{background:url("data:image/svg+xml;a{b}")}', '.btn{background:url("data:image/svg+xml;a{b}")}'),
        (".alert-danger{a:b}", ".alert-danger{a:b}"),
        ("@font-face{font-family:VideoJS;src:url(data:font/woff;base64,xx)}p{a:b}", "p{a:b}"),
        ("@font-face{font-family:Titillium}", "@font-face{font-family:Titillium}"),
    ],
)
def test_rules_that_can_match_nothing_go_and_all_others_stay(css, kept):
    words = words_of(iter(['<a class="btn badge alert-{{ tone }}">']))

    assert purge(css, words) == kept
