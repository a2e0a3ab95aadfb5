namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>A deleted document.</summary>
/// <param name="DeletedBy">Null: its time was over, or the account of who deleted it is gone.</param>
/// <param name="GoesAt">When it is erased.</param>
public sealed record BinRow(Guid Id, string Name, long Size, string? Owner, string? Collection, DateTimeOffset DeletedAt, string? DeletedBy, DateTimeOffset GoesAt);

/// <summary>A document whose time will be over.</summary>
/// <param name="ByDate">It has a date of its own; otherwise the rule of its collection says when.</param>
public sealed record GoingRow(Guid Id, string Name, string? Owner, string? Collection, DateTimeOffset CreatedAt, DateTimeOffset GoesAt, bool ByDate);

/// <summary>How many documents of a collection go within the time that is shown.</summary>
/// <param name="Name">Null: documents with a date of their own.</param>
public sealed record GoingCount(string? Name, int? Days, int Count, bool More);
