using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Shell;

public sealed class ListQueryTests
{
    private static readonly ListQuery Defaults = new ListQuery { Sort = "created", Descending = true }.WithFilter("state", "open");

    [Fact]
    public void ToQueryString_Defaults_IsEmpty() => Defaults.ToQueryString(Defaults).ShouldBe("");

    [Fact]
    public void Parse_OwnQueryString_GivesTheSameQuery()
    {
        var query = Defaults.WithSearch("müller & söhne=1+1").WithFilter("type", "a,b").WithSort("name", false).WithCursor("eyJh_-") with
        {
            PageSize = 100,
            Selected = "3f#/x",
            Place = 3,
            Columns = ["name", "created"],
        };
        ListQuery.Parse("?" + query.ToQueryString(Defaults), Defaults).ShouldBe(query);
    }

    [Fact]
    public void Parse_PageOfTheDetails_IsNoFilterAndLeavesWithTheRow()
    {
        var query = ListQuery.Parse("page=3&item=a", Defaults);

        (query.Place, query.Selected, query.Filter("page")).ShouldBe((3, "a", null));
        query.ToQueryString(Defaults).ShouldBe("item=a&page=3");
        query.WithSelected("b").Place.ShouldBeNull();
        query.Matching().Place.ShouldBeNull();
        ListQuery.Parse("item=a&page=x", Defaults).ShouldBe(ListQuery.Parse("item=a", Defaults));
    }

    [Fact]
    public void Parse_ClearedDefaultFilter_StaysCleared()
    {
        var query = Defaults.WithFilter("state", null);
        query.ToQueryString(Defaults).ShouldBe("state=");
        ListQuery.Parse("state=", Defaults).Filter("state").ShouldBeNull();
    }

    [Theory]
    [InlineData("?size=abc&&=&%zz&q")]
    [InlineData("size=-4")]
    [InlineData("sort=-&cols=,,")]
    public void Parse_Nonsense_GivesAUsableQuery(string text)
    {
        var query = ListQuery.Parse(text, Defaults);
        query.PageSize.ShouldBeInRange(1, ListQuery.LargestPage);
        query.Columns.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_HugePageSize_IsCapped() => ListQuery.Parse("size=100000", Defaults).PageSize.ShouldBe(ListQuery.LargestPage);

    [Fact]
    public void With_WhatChangesRows_ReturnsToTheFirstPage()
    {
        var deep = Defaults.WithCursor("place");
        deep.WithSearch("x").Cursor.ShouldBeNull();
        deep.WithFilter("type", "a").Cursor.ShouldBeNull();
        deep.WithSort("name", false).Cursor.ShouldBeNull();
        deep.WithSelected("7").Cursor.ShouldBe("place");
    }

    [Fact]
    public void Filter_ReservedName_IsRefused() => Should.Throw<ArgumentException>(() => new ListFilter("sort", "Sort", []));
}
