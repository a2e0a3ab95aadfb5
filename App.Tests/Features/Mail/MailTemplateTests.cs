using BlazorAdmin.Features.Mail;

namespace BlazorAdmin.Tests.Features.Mail;

public sealed class MailTemplateTests
{
    private static readonly MailCatalog Catalog = new(MailTemplates.All);
    private static readonly MailRenderer Renderer = new();

    public static TheoryData<string, string> Delivered()
    {
        var data = new TheoryData<string, string>();
        foreach (var template in MailTemplates.All)
            foreach (var language in MailCatalog.Languages)
                data.Add(template.Key, language);
        return data;
    }

    [Theory]
    [MemberData(nameof(Delivered))]
    public void Delivered_EveryTemplateAndLanguage_PassesAndUsesAllItsVariables(string key, string language)
    {
        var template = Catalog.Find(key).ShouldNotBeNull();
        var parts = Catalog.Delivered(key, language);

        MailTemplateRules.Check(template, parts).ShouldBeEmpty();
        foreach (var variable in template.Variables)
        {
            parts.Text.ShouldContain(variable.Name);
            parts.Html.ShouldContain(variable.Name);
        }

        var mail = Renderer.Render(template, parts, template.SampleModel(), language);
        $"{mail.Subject}{mail.Text}{mail.Html}".ShouldNotContain("{{");
        mail.Html.ShouldContain($"<html lang=\"{language}\">");
        mail.Text.ShouldContain("Grace Hopper");
    }

    [Theory]
    [InlineData("{{password}}", MailTemplateFault.Unknown, "password")]
    [InlineData("{{{link}}}", MailTemplateFault.NotAllowed, "{link}")]
    [InlineData("{{link}}}", MailTemplateFault.NotAllowed, "link}")]
    [InlineData("\\{{#if link}}x{{/if}}", MailTemplateFault.NotAllowed, "\\{{#if link}}")]
    [InlineData("\\\\{{link}}", MailTemplateFault.NotAllowed, "\\{{link}}")]
    [InlineData("{{&link}}", MailTemplateFault.NotAllowed, "&link")]
    [InlineData("{{> partial}}", MailTemplateFault.NotAllowed, "> partial")]
    [InlineData("{{lookup this 'constructor'}}", MailTemplateFault.NotAllowed, "lookup this 'constructor'")]
    [InlineData("{{#with link}}x{{/with}}", MailTemplateFault.NotAllowed, "#with link")]
    [InlineData("{{../link}}", MailTemplateFault.NotAllowed, "../link")]
    [InlineData("{{link.Length}}", MailTemplateFault.NotAllowed, "link.Length")]
    [InlineData("{{!-- comment --}}", MailTemplateFault.NotAllowed, "!-- comment --")]
    [InlineData("{{~link~}}", MailTemplateFault.NotAllowed, "~link~")]
    [InlineData("{{link", MailTemplateFault.Unfinished, "{{link")]
    [InlineData("{{#if link}}x", MailTemplateFault.NotClosed, "#if")]
    [InlineData("x{{/if}}", MailTemplateFault.WrongEnd, "/if")]
    [InlineData("{{else}}", MailTemplateFault.WrongEnd, "else")]
    [InlineData("{{#if link}}x{{/each}}{{/if}}", MailTemplateFault.WrongEnd, "/each")]
    [InlineData("{{#each link}}x{{/each}}", MailTemplateFault.NotAList, "link")]
    [InlineData("{{@root}}", MailTemplateFault.NotAllowed, "@root")]
    [InlineData("   ", MailTemplateFault.Empty, "")]
    public void Check_AnythingElse_IsRefusedWithLineAndName(string source, MailTemplateFault fault, string name)
    {
        var problem = MailTemplateRules.Check(MailTemplates.AccountReset, MailPart.Text, fault == MailTemplateFault.Empty ? source : "first line\n" + source)[0];
        (problem.Fault, problem.Name, problem.Line).ShouldBe((fault, name, fault == MailTemplateFault.Empty ? 1 : 2));
    }

    [Theory]
    [InlineData("{{#if link}}a{{else}}b{{else}}c{{/if}}")]
    [InlineData("{{#each figures}}a{{else}}b{{/each}}")]
    [InlineData("{{#if title}}a{{/if}}{{#unless title}}b{{else}}c{{/unless}}")]
    [InlineData("{{ title }} } }} { \\")]
    [InlineData("{{title}}{{link}}\n{{#each figures}}{{#if @first}}x{{else}}{{@last}}{{/if}}{{/each}}")]
    public void Check_WhateverPasses_CanBeFilledIn(string source)
    {
        var parts = new MailParts("x", source, source);
        if (Renderer.Check(MailTemplates.Report, parts).Count == 0) Should.NotThrow(() => Renderer.Render(MailTemplates.Report, parts, MailTemplates.Report.SampleModel(), "en"));
    }

    [Fact]
    public void Check_PassesTheRulesAndDoesNotCompile_IsBroken()
    {
        var parts = new MailParts("x", "{{#if title}}a{{else}}b{{else}}c{{/if}}", "x");
        MailTemplateRules.Check(MailTemplates.Report, parts).ShouldBeEmpty();
        Renderer.Check(MailTemplates.Report, parts).ShouldBe([new(MailPart.Text, 1, MailTemplateFault.Broken)]);
    }

    [Fact]
    public void Check_Subject_RefusesSecretsAndLineBreaks()
    {
        MailTemplateRules.Check(MailTemplates.AccountReset, MailPart.Subject, "Open {{link}}").ShouldHaveSingleItem().Fault.ShouldBe(MailTemplateFault.SecretInSubject);
        MailTemplateRules.Check(MailTemplates.AccountReset, MailPart.Subject, "a\nBcc: b").ShouldHaveSingleItem().Fault.ShouldBe(MailTemplateFault.LineBreak);
    }

    [Fact]
    public void Check_Rows_OnlyTheirFields()
    {
        MailTemplateRules.Check(MailTemplates.Report, MailPart.Text, "{{#each figures}}{{@index}} {{this.label}} {{#if this.value}}{{this.value}}{{else}}-{{/if}}{{/each}}").ShouldBeEmpty();
        MailTemplateRules.Check(MailTemplates.Report, MailPart.Text, "{{#each figures}}{{this.Count}}{{/each}}").ShouldHaveSingleItem().Fault.ShouldBe(MailTemplateFault.Unknown);
        MailTemplateRules.Check(MailTemplates.Report, MailPart.Text, "{{#each figures}}{{title}}{{/each}}").ShouldHaveSingleItem().Fault.ShouldBe(MailTemplateFault.Unknown);
        MailTemplateRules.Check(MailTemplates.Report, MailPart.Text, "{{figures}}").ShouldHaveSingleItem().Fault.ShouldBe(MailTemplateFault.ListAsText);
    }

    [Fact]
    public void Render_HostileValues_AreEscapedInHtmlAndOneLineInTheSubject()
    {
        var parts = new MailParts("{{job}}", "{{job}} {{error}}", "<p title=\"{{job}}\">{{error}}</p>");
        var model = new MailModel().With("portal", "P").With("name", "N").With("job", "a\" onload=\"x\r\nBcc: b@example.org").With("error", "<script>alert(1)</script>{{link}}").With("attempts", "1").With("link", "l");

        var mail = Renderer.Render(MailTemplates.JobFailed, parts, model, "en");

        mail.Subject.ShouldBe("a\" onload=\"x Bcc: b@example.org");
        mail.Html.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;{{link}}");
        mail.Html.ShouldContain("title=\"a&quot; onload=&quot;x");
        mail.Text.ShouldContain("<script>alert(1)</script>", customMessage: "plain text shows what it is");
    }

    [Fact]
    public void Render_ModelDoesNotFit_SaysWhich()
    {
        var parts = Catalog.Delivered("mail.test", "en");
        Should.Throw<ArgumentException>(() => Renderer.Render(MailTemplates.Test, parts, new MailModel().With("portal", "P"), "en")).Message.ShouldContain("name");
        Should.Throw<ArgumentException>(() => Renderer.Render(MailTemplates.Test, parts, MailTemplates.Test.SampleModel().With("other", "x"), "en")).Message.ShouldContain("other");
    }

    [Fact]
    public void Diff_LineChanged_ShowsBoth()
    {
        TextDiff.Of("a\nb\nc", "a\nx\nc").ShouldBe([new(DiffKind.Same, "a"), new(DiffKind.Gone, "b"), new(DiffKind.New, "x"), new(DiffKind.Same, "c")]);
        TextDiff.Of("", "a").ShouldBe([new(DiffKind.New, "a")]);
    }
}
