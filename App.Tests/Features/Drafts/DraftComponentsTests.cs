using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Drafts;

public sealed class DraftComponentsTests
{
    [Fact]
    public void Unfinished_PageChanges_NamesTheNewOneUntilItIsGone()
    {
        using var context = new ShellContext();
        var line = context.Render<UnfinishedDrafts>();
        var navigation = context.Services.GetRequiredService<NavigationManager>();

        navigation.NavigateTo("/admin/tokens?state=active");
        line.Find("portal-drafts").GetAttribute("data-page").ShouldBe("/admin/tokens");

        line.Instance.Dispose();
        navigation.NavigateTo("/admin/users");
        line.Find("portal-drafts").GetAttribute("data-page").ShouldBe("/admin/tokens");
    }

    [Theory]
    [InlineData("en", "Restored what you typed on {0}.")]
    [InlineData("de", "Wiederhergestellt, was Sie am {0} eingegeben haben.")]
    public void KeepDraft_InALanguage_HandsItsWordsToTheScript(string culture, string words)
    {
        using var context = new ShellContext(culture);

        var element = context.Render<KeepDraft>(parameters => parameters.Add(d => d.Name, "schedule:nightly").Add(d => d.Through, "calendars").Add(d => d.Sent, 3).Add(d => d.Done, true)).Find("portal-draft");

        element.GetAttribute("data-name").ShouldBe("schedule:nightly");
        element.GetAttribute("data-through").ShouldBe("calendars");
        element.GetAttribute("data-sent").ShouldBe("3");
        element.GetAttribute("data-done").ShouldBe("true");
        element.GetAttribute("data-text").ShouldBe(words);
        // Nothing of it shows, or can be reached, before there is a draft.
        element.QuerySelectorAll("button, [role]").ShouldBeEmpty();
    }
}
