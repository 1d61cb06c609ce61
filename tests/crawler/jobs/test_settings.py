from scrapy.utils.project import get_project_settings

from crawler.jobs.settings import WarmSettings, crawl_settings


def test_a_warm_crawl_has_the_projects_settings_but_for_what_only_a_process_needs():
    ours, project = crawl_settings(), get_project_settings()
    assert ours["ITEM_PIPELINES"] == project["ITEM_PIPELINES"]
    assert ours.getwithbase("DOWNLOADER_MIDDLEWARES") == project.getwithbase("DOWNLOADER_MIDDLEWARES")
    assert ours.getbool("ROBOTSTXT_OBEY")
    kept = ours.getdict("EXTENSIONS")
    assert kept["crawler.extensions.run.RunExtension"] == 10
    assert kept["crawler.extensions.singles.FeedExporter"] is None
    assert ours.getwithbase("DOWNLOAD_HANDLERS")["file"] is None
    assert ours.getwithbase("DOWNLOAD_HANDLERS")["https"]


def test_what_one_crawl_sets_no_other_sees():
    base = crawl_settings()
    one, other = base.copy(), base.copy()
    one.set("USER_AGENT", "mine", priority="spider")
    one["DOWNLOAD_HANDLERS_BASE"].set("ftp", "mine", priority="spider")
    one.freeze()
    assert one["USER_AGENT"] == "mine"
    for settings in (other, base):
        assert settings["USER_AGENT"] != "mine"
        assert settings["DOWNLOAD_HANDLERS_BASE"]["ftp"] != "mine"
        assert not settings.frozen
    assert isinstance(one, WarmSettings)
    assert {name: other[name] for name in other} == {name: base[name] for name in base}
    assert all(other.getpriority(name) == base.getpriority(name) for name in base)
