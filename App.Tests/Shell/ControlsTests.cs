using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Shell;

public sealed class ControlsTests : IDisposable
{
    private readonly ShellContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(Tone.Ok, "ok")]
    [InlineData(Tone.Warn, "warn")]
    [InlineData(Tone.Bad, "bad")]
    [InlineData(Tone.Info, "info")]
    [InlineData(Tone.Idle, "idle")]
    public void StateChip_Tone_HasColourIconAndWord(Tone tone, string css)
    {
        var chip = _context.Render<StateChip>(p => p.Add(c => c.Tone, tone).Add(c => c.Word, "queued")).Find(".chip");
        chip.ClassList.ShouldContain(css);
        chip.TextContent.Trim().ShouldBe("queued");
        chip.QuerySelector("svg")!.GetAttribute("aria-hidden").ShouldBe("true");
    }

    [Fact]
    public void Icons_EveryName_IsOneHiddenSvg()
    {
        Icons.Names.Count().ShouldBeGreaterThan(40);
        foreach (var name in Icons.Names) _context.Render<Icon>(p => p.Add(i => i.Name, name)).FindAll("svg[aria-hidden=true]").Count.ShouldBe(1);
    }

    [Fact]
    public void Icons_UnknownName_Throws() => Should.Throw<ArgumentException>(() => Icons.Svg("nope"));

    [Fact]
    public void ProgressBar_KnownShare_NamesItselfAndItsValue()
    {
        var bar = _context.Render<ProgressBar>(p => p.Add(b => b.Name, "Job 7").Add(b => b.Share, 0.618)).Find("[role=progressbar]");
        bar.GetAttribute("aria-label").ShouldBe("Job 7");
        bar.GetAttribute("aria-valuenow").ShouldBe("62");
        bar.FirstElementChild!.GetAttribute("style").ShouldBe("width:62%");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    public void ProgressBar_UnknownShare_HasNoValue(double? share)
    {
        var bar = _context.Render<ProgressBar>(p => p.Add(b => b.Name, "Job 7").Add(b => b.Share, share)).Find("[role=progressbar]");
        bar.HasAttribute("aria-valuenow").ShouldBeFalse();
        bar.ClassList.ShouldContain("unknown");
    }

    [Fact]
    public void TimeAgo_Time_HasExactTitle()
    {
        var time = _context.Render<TimeAgo>(p => p.Add(t => t.At, DateTimeOffset.UtcNow.AddMinutes(-3))).Find("time");
        time.TextContent.ShouldBe("3 minutes ago");
        time.GetAttribute("title").ShouldEndWith("(UTC)");
        time.HasAttribute("data-ago").ShouldBeTrue();
    }

    [Theory]
    [InlineData("short.pdf", "short.pdf", "")]
    [InlineData("a-very-long-invoice-name-2026-114.pdf", "a-very-long-invoice-name-2", "026-114.pdf")]
    public void FileName_Long_KeepsItsTail(string name, string head, string tail) => FileName.Split(name).ShouldBe((head, tail));

    [Fact]
    public void FileName_SurrogatePairAtTheCut_StaysWhole()
    {
        var (head, tail) = FileName.Split("aaaaaaaaaaaaaaaaaaaa\U0001F600bbbbbb.pdf");
        char.IsHighSurrogate(head[^1]).ShouldBeFalse();
        char.IsLowSurrogate(tail[0]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ViewState.Loading, "[role=status].skeleton")]
    [InlineData(ViewState.Empty, ".state")]
    [InlineData(ViewState.EmptyFiltered, ".state")]
    [InlineData(ViewState.Forbidden, ".state a")]
    [InlineData(ViewState.Failed, ".state[role=alert]")]
    [InlineData(ViewState.Ready, "#content")]
    public void DataView_State_ShowsIt(ViewState state, string selector)
    {
        var view = _context.Render<DataView>(p => p.Add(v => v.State, state).AddChildContent("<p id=content></p>"));
        view.FindAll(selector).Count.ShouldBeGreaterThan(0);
        view.FindAll("#content").Count.ShouldBe(state == ViewState.Ready ? 1 : 0);
    }

    [Fact]
    public void DataView_Failed_OffersRetryAndReference()
    {
        var retried = 0;
        var view = _context.Render<DataView>(p => p.Add(v => v.State, ViewState.Failed).Add(v => v.Reference, "AB23-CD45").Add(v => v.OnRetry, () => retried++).AddChildContent(""));
        view.Markup.ShouldContain("AB23-CD45");
        view.Act(() => view.Find("button").Click());
        retried.ShouldBe(1);
    }

    [Fact]
    public async Task ConfirmDialog_Dangerous_NamesTheThingAndReturnsTheAnswer()
    {
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        var dialog = _context.Render<ConfirmDialog>();
        var answer = await dialog.InvokeAsync(() => Task.FromResult(confirmations.Ask(new Confirmation("Delete 3 documents?", "They cannot be restored.", "Delete 3 documents"))));
        dialog.Find("dialog").GetAttribute("role").ShouldBe("alertdialog");
        dialog.Find("[data-dismiss]").HasAttribute("autofocus").ShouldBeTrue();
        dialog.Find("button[type=submit]").TextContent.ShouldBe("Delete 3 documents");
        await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());
        (await answer).ShouldBeTrue();
        dialog.FindAll("dialog").ShouldBeEmpty();
    }

    [Fact]
    public async Task ConfirmDialog_TypedWord_UnlocksTheButton()
    {
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        var dialog = _context.Render<ConfirmDialog>();
        var answer = await dialog.InvokeAsync(() => Task.FromResult(confirmations.Ask(new Confirmation("Delete all?", "", "Delete") { TypeToConfirm = "delete" })));
        dialog.Find("button[type=submit]").HasAttribute("disabled").ShouldBeTrue();
        await dialog.InvokeAsync(() => dialog.Find("form").SubmitAsync());
        answer.IsCompleted.ShouldBeFalse();
        await dialog.InvokeAsync(() => dialog.Find("input").InputAsync("delete"));
        dialog.Find("button[type=submit]").HasAttribute("disabled").ShouldBeFalse();
        await dialog.InvokeAsync(() => dialog.Find("[data-dismiss]").ClickAsync());
        (await answer).ShouldBeFalse();
    }

    [Fact]
    public void Toasts_Done_LeaveAndFailedStay()
    {
        var time = new FakeTime(DateTimeOffset.UnixEpoch);
        using var toasts = new Toasts(time, new SetOptions<ToastOptions>(new()));
        toasts.Done("Saved");
        toasts.Failed("Not sent");
        time.Advance(TimeSpan.FromMinutes(1));
        toasts.Shown.Select(toast => toast.Text).ShouldBe(["Not sent"]);
    }

    [Fact]
    public void Toasts_WithUndo_StayAsLongAsTheSettingSays()
    {
        var time = new FakeTime(DateTimeOffset.UnixEpoch);
        var options = new SetOptions<ToastOptions>(new() { UndoSeconds = 30 });
        using var toasts = new Toasts(time, options);
        toasts.Done("Deleted", () => Task.CompletedTask);
        time.Advance(TimeSpan.FromSeconds(29));
        toasts.Shown.ShouldHaveSingleItem();
        options.Set(new() { UndoSeconds = 60 });
        toasts.Done("Deleted too", () => Task.CompletedTask);
        time.Advance(TimeSpan.FromSeconds(1));
        toasts.Shown.Select(toast => toast.Text).ShouldBe(["Deleted too"]);
        time.Advance(TimeSpan.FromSeconds(59));
        toasts.Shown.ShouldBeEmpty();
    }

    [Fact]
    public async Task ToastRegion_Undo_RunsOnceAndCloses()
    {
        var undone = 0;
        var region = _context.Render<ToastRegion>();
        var toasts = _context.Services.GetRequiredService<Toasts>();
        await region.InvokeAsync(() => toasts.Done("Deleted", () => { undone++; return Task.CompletedTask; }));
        region.Find("[aria-live=polite]").TextContent.ShouldContain("Deleted");
        await region.InvokeAsync(() => region.Find(".toast .button").ClickAsync());
        undone.ShouldBe(1);
        region.FindAll(".toast").ShouldBeEmpty();
    }

    [Fact]
    public void Tabs_Selected_IsTheOnlyTabStop()
    {
        var chosen = "";
        var tabs = _context.Render<Tabs>(p => p.Add(t => t.Name, "Document").Add(t => t.Items, [new TabItem("text", "Text"), new TabItem("log", "Log", 3)])
            .Add(t => t.Selected, "text").Add(t => t.SelectedChanged, EventCallback.Factory.Create<string>(this, key => chosen = key)));
        tabs.FindAll("[role=tab][tabindex='0']").Single().TextContent.Trim().ShouldBe("Text");
        tabs.Act(() => tabs.FindAll("[role=tab]")[1].Click());
        chosen.ShouldBe("log");
    }

    [Fact]
    public void DefinitionList_FactWithoutValue_IsLeftOut() => _context.Render<DefinitionList>(p => p.Add(d => d.Facts, [new Fact("Type", "PDF"), new Fact("Owner")]))
        .FindAll("dt").Select(term => term.TextContent).ShouldBe(["Type"]);

    [Fact]
    public void LogView_Lines_AreALog()
    {
        var log = _context.Render<LogView>(p => p.Add(l => l.Name, "Log of job 7").Add(l => l.Dropped, 2)
            .Add(l => l.Lines, [new LogLine(3, DateTimeOffset.UnixEpoch, Tone.Warn, "warn", "<b>page 17</b> rotated")]));
        log.Find("[role=log]").GetAttribute("aria-label").ShouldBe("Log of job 7");
        log.Find(".text").TextContent.ShouldBe("<b>page 17</b> rotated");
        log.Markup.ShouldContain("2 earlier lines");
    }

    [Fact]
    public void CopyButton_WithoutLabel_HasAName() => _context.Render<CopyButton>(p => p.Add(c => c.Value, "AB23").Add(c => c.Name, "reference number"))
        .Find("button").GetAttribute("aria-label").ShouldBe("Copy reference number");

    [Fact]
    public void ReconnectDialog_German_HasEveryState()
    {
        using var german = new ShellContext("de");
        var dialog = german.Render<ReconnectDialog>();
        dialog.FindAll("[data-when]").Count.ShouldBe(4);
        dialog.Find("h2").TextContent.ShouldBe("Verbindung unterbrochen");
    }
}
