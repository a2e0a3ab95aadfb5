using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Mail;

/// <summary>How the Mail tab says states, templates and problems.</summary>
internal static class MailWords
{
    public static RenderFragment Chip(IStringLocalizer<MailTexts> texts, MailRow row) => row.State switch
    {
        MailState.Sent => StateChip.Markup(Tone.Ok, texts["StateSent"]),
        MailState.Failed => StateChip.Markup(Tone.Bad, texts["StateFailed"], title: row.Answer),
        MailState.Suppressed => StateChip.Markup(Tone.Warn, texts["StateSuppressed"], "forbidden", row.Answer),
        _ when row.WaitsForServer => StateChip.Markup(Tone.Warn, texts["StateNoServer"], "wait", texts["NotConfigured"]),
        _ => StateChip.Markup(Tone.Info, texts["StateQueued"], "wait", row.Answer),
    };

    public static string Title(IStringLocalizer<MailTexts> texts, string template) => texts[$"Template.{template}"] is { ResourceNotFound: false } title ? title.Value : template;

    public static string Describe(IStringLocalizer<MailTexts> texts, MailTemplateProblem problem) => texts["ProblemAt", problem.Line, texts[$"Problem{problem.Fault}", problem.Name].Value];
}
