using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class ExtractionViewsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private const string Text = "vom 05.03.2024 über 119,00 EUR <script>alert(1)</script>";
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);
    private readonly ShellContext _context = new();

    public void Dispose()
    {
        _context.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task MarkedText_Mentions_AreNamedAndConfirmedByClick()
    {
        var (_, id) = await Use(DocumentsBench.Member);
        var view = _context.Render<MarkedText>(p => p.Add(v => v.Id, id).Add(v => v.Page, 1));

        view.WaitForAssertion(() => view.FindAll("mark").Select(mark => mark.GetAttribute("data-label")).ShouldBe(["Date", "Amount"]), Patience);
        view.Find("pre").TextContent.ShouldBe(Text);
        view.FindAll("script").ShouldBeEmpty();
        await view.ClickOnAsync(v => v.Find("mark"));
        await view.ClickOnAsync(v => v.FindAll(".chosen button").First(button => button.TextContent.Contains("Confirm", StringComparison.Ordinal)));

        view.WaitForAssertion(() => view.Find("mark").GetAttribute("aria-label")!.ShouldContain("confirmed"), Patience);
        (await _bench.Query(db => db.Set<EntityMention>().CountAsync(mention => mention.DocumentId == id && mention.State == MentionState.Confirmed))).ShouldBe(1);
    }

    [Fact]
    public async Task MarkedText_KindSwitchedOff_StandsInTheAddress()
    {
        var (_, id) = await Use(DocumentsBench.Member);
        var view = _context.Render<MarkedText>(p => p.Add(v => v.Id, id).Add(v => v.Page, 1));
        view.WaitForAssertion(() => view.FindAll("mark").Count.ShouldBe(2), Patience);

        await view.ClickOnAsync(v => v.FindAll(".legend button")[0]);

        _context.Services.GetRequiredService<NavigationManager>().Uri.ShouldContain("hide=date");
    }

    [Fact]
    public async Task MarkedText_OfSomebodyElse_ShowsNothing()
    {
        var (_, id) = await Use(DocumentsBench.Member);
        using var strange = new ShellContext();
        await Use(DocumentsBench.Member, upload: false, context: strange);

        var view = strange.Render<MarkedText>(p => p.Add(v => v.Id, id).Add(v => v.Page, 1));
        var fields = strange.Render<FieldsCard>(p => p.Add(v => v.Id, id));

        // Their owner's, asked for after them, are there.
        var own = _context.Render<MarkedText>(p => p.Add(v => v.Id, id).Add(v => v.Page, 1));
        var ownFields = _context.Render<FieldsCard>(p => p.Add(v => v.Id, id));
        own.WaitForAssertion(() => own.FindAll("mark").Count.ShouldBe(2), Patience);
        ownFields.WaitForAssertion(() => ownFields.Find("button[aria-label='Accept Total']").ShouldNotBeNull(), Patience);
        view.Markup.Trim().ShouldBeEmpty();
        fields.Markup.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task FieldsCard_Accept_MakesItAPersonsValue()
    {
        var (_, id) = await Use(DocumentsBench.Member);
        var view = _context.Render<FieldsCard>(p => p.Add(v => v.Id, id));
        view.WaitForAssertion(() => view.Find("button[aria-label='Accept Total']").ShouldNotBeNull(), Patience);

        await view.ClickOnAsync(v => v.Find("button[aria-label='Accept Total']"));

        view.WaitForAssertion(() => view.FindAll("tr").Single(row => row.TextContent.Contains("Total", StringComparison.Ordinal)).TextContent.ShouldContain("entered by a person"), Patience);
        (await _bench.Query(db => db.Set<DocumentField>().SingleAsync(field => field.DocumentId == id && field.Name == FieldNames.Total))).ByPerson.ShouldBeTrue();
    }

    [Fact]
    public async Task Views_Disposed_LeaveNoSubscriber()
    {
        var (_, id) = await Use(DocumentsBench.Member);
        _context.Render<MarkedText>(p => p.Add(v => v.Id, id).Add(v => v.Page, 1));
        _context.Render<FieldsCard>(p => p.Add(v => v.Id, id));
        _context.Render<FindingsCard>(p => p.Add(v => v.Id, id));
        await Eventually.Holds(() => _bench.Topic.SubscriberCount == 3);

        await _context.DisposeComponentsAsync();

        _bench.Topic.SubscriberCount.ShouldBe(0);
    }

    [Fact]
    public async Task RuleDialog_BadPattern_NamesFieldAndRemedyAndKeepsWhatWasTyped()
    {
        await Use(DocumentsBench.Editor);
        var tab = _context.Render<ExtractionRulesTab>();
        tab.WaitForAssertion(() => tab.Find("button.main").ShouldNotBeNull(), Patience);
        await tab.ClickOnAsync(t => t.Find("button.main"));
        await tab.InvokeAsync(() => tab.Find("input[id$='-name']").Change("Projekt"));
        await tab.InvokeAsync(() => tab.Find("textarea[id$='-definition']").Change("(a"));

        await tab.InvokeAsync(() => tab.Find("form").Submit());

        tab.WaitForAssertion(() => tab.Find("span[id$='-definition-error']").TextContent.ShouldContain("cannot be read at character"), Patience);
        tab.Find("input[id$='-name']").GetAttribute("value").ShouldBe("Projekt");
    }

    [Fact]
    public async Task RuleDialog_TriedOnADocument_ShowsWhatStandsOnWhichPage()
    {
        var (person, _) = await Use(DocumentsBench.Editor);
        var name = $"orders {Guid.NewGuid():n}.pdf";
        await _bench.Read(await person.Upload(name, Pdfs.Of("Nothing here", "Order A-4711 of today")));
        var tab = _context.Render<ExtractionRulesTab>();
        tab.WaitForAssertion(() => tab.Find("button.main").ShouldNotBeNull(), Patience);
        await tab.ClickOnAsync(t => t.Find("button.main"));
        await tab.InvokeAsync(() => tab.Find("textarea[id$='-definition']").Change(@"A-\d+"));
        await tab.InvokeAsync(() => tab.Find("input[type=search]").Input(name[..20]));
        tab.WaitForAssertion(() => tab.Find("ul[aria-label='Found documents'] button").TextContent.ShouldBe(name), Patience);
        await tab.ClickOnAsync(t => t.Find("ul[aria-label='Found documents'] button"));

        await tab.ClickOnAsync(t => t.FindAll("button").Single(button => button.TextContent.Trim() == "Try"));

        tab.WaitForAssertion(() => tab.Find("ul[aria-label='Found in the document']").TextContent.Trim().ShouldBe("Page 2: A-4711"), Patience);
        tab.FindAll("textarea[id$='-text']").ShouldBeEmpty();
    }

    [Fact]
    public async Task QualityTab_NeverMeasured_SaysSo()
    {
        await Use(DocumentsBench.Auditor, upload: false);

        var tab = _context.Render<QualityTab>();

        tab.WaitForAssertion(() => tab.Find(".state h2").ShouldNotBeNull(), Patience);
        tab.FindAll("button.main").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Words_OfKindsFieldsAndReasons_AreThere(string culture)
    {
        using var context = new ShellContext(culture);
        var texts = context.Services.GetRequiredService<IStringLocalizer<ExtractionTexts>>();

        foreach (var kind in EntityKinds.All) ExtractionWords.Kind(texts, kind).ShouldNotStartWith("Kind");
        foreach (var field in FieldNames.All) ExtractionWords.Field(texts, field).ShouldNotStartWith("Field");
        foreach (var name in Checksums.All) ExtractionWords.Checksum(texts, name).ShouldNotStartWith("Checksum");
        string[] keys =
        [
            "FindingRequired", "FindingFormat", "FindingFormatTimedOut", "FindingRuleBroken", "FindingChecksum", "FindingAllowed", "FindingRelation", "FindingNotComparable", "NameMissing", "NameTooLong", "NameTaken", "PatternMissing",
            "WordsMissing", "PatternTooLong", "PatternWrong", "PatternMatchesNothing", "TooManyWords", "WordWrong", "FieldMissing", "MessageTooLong", "ChecksumMissing", "RelationMissing", "AllowedMissing", "TypeGone", "TrialTooLong",
            .. Enum.GetNames<CorrectionResult>().Where(name => name != "Done").Select(name => "Correction" + name), .. Enum.GetNames<MentionState>().Select(name => "State" + name), .. Enum.GetNames<ValidationKind>().Select(name => "Check" + name),
            .. FieldCheck.Relations.Select(sign => "Relation" + ExtractionWords.Relation(sign)),
        ];
        keys.Where(key => texts[key].ResourceNotFound).ShouldBeEmpty();
        ExtractionWords.Finding(texts, new FindingView(Guid.NewGuid(), "r", "total", null, "FindingRelation", """["total","5.00","<=","x","4.00"]""")).ShouldContain(ExtractionWords.Field(texts, "total"));
    }

    private async Task<(Person Person, Guid Id)> Use(string[] permissions, bool upload = true, ShellContext? context = null)
    {
        var person = await _bench.Person(permissions);
        var id = Guid.Empty;
        if (upload)
        {
            id = await person.Upload("a.txt", System.Text.Encoding.UTF8.GetBytes(Text));
            await _bench.Read(id);
        }
        var topic = new Topic<RulesChanged>("documents.rules", new RecordingBus(), NullLogger<Topic<RulesChanged>>.Instance);
        var services = (context ?? _context).Services;
        services.AddSingleton(_bench.Topic).AddSingleton(topic).AddSingleton(person.Guard).AddSingleton(person.Caller).AddScoped<PageVisibility>();
        services.AddSingleton(_bench.Corrections(person)).AddSingleton(new ExtractionLibrary(person.Guard, _bench.Databases)).AddSingleton(person.Library).AddScoped<ExtractionDialogs>();
        services.AddSingleton(new ExtractionRules(person.Guard, _bench.Databases, TestDatabases.Dialect, _bench.Queue, TimeProvider.System, topic));
        services.AddSingleton(new ExtractionQuality(person.Guard, _bench.Databases, TimeProvider.System));
        return (person, id);
    }
}
