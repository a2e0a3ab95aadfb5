using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Audit;

/// <summary>What the export of the audit holds: everything, with the raw JSON.</summary>
internal static class AuditExport
{
    public static IReadOnlyList<ExportColumn<AuditExportRow>> Columns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<AuditTexts>>();
        return
        [
            new("id", "Id", row => row.Entry.Id),
            new("time", texts["Time"], row => row.Entry.At),
            new("action", texts["Action"], row => row.Entry.Action),
            new("actor", texts["Actor"], row => row.Actor),
            new("actorId", "ActorId", row => row.Entry.ActorId),
            new("outcome", texts["Outcome"], row => row.Entry.Outcome),
            new("subjectType", "SubjectType", row => row.Entry.SubjectType),
            new("subjectId", "SubjectId", row => row.Entry.SubjectId),
            new("subject", texts["Subject"], row => row.Subject),
            new("count", texts["Count"], row => row.Entry.Count),
            new("address", texts["Address"], row => row.Entry.Address),
            new("session", texts["Session"], row => row.Entry.SessionId),
            new("node", texts["Node"], row => row.Entry.Node),
            new("before", texts["Before"], row => row.Entry.Before),
            new("after", texts["After"], row => row.Entry.After),
            new("detail", texts["Detail"], row => row.Entry.Detail),
            new("place", texts["Place"], row => row.Entry.Sequence),
            new("hash", texts["Hash"], row => row.Entry.Hash is { } hash ? Convert.ToHexStringLower(hash) : null),
        ];
    }
}
