using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>Arguments of the job that collects what the portal holds about the person who asked.</summary>
[JobType(Name, Priority = 4, MaxAttempts = 3, MaxConcurrency = 1, ByHand = false, AsOwner = true)]
public sealed record ExportAccount(Guid UserId)
{
    public const string Name = "account.export";
}

/// <summary>Arguments of the job that deletes a collection when its time is over.</summary>
[JobType("account.export_expire", Priority = 2, ByHand = false, Upkeep = true)]
public sealed record ExpireExport(Guid UserId, string Sha256);

/// <summary>A collection that waits to be fetched: kept as a value of the system under the person's id.</summary>
/// <param name="Sha256">Of the ZIP file in the content store.</param>
/// <param name="Size">Bytes.</param>
public sealed record ExportRecord(string Sha256, long Size, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Prefix = "Account.Export.";

    public static string KeyOf(Guid userId) => $"{Prefix}{userId:N}";

    /// <summary>Hashes of all collections that wait to be fetched.</summary>
    internal static async Task<IReadOnlyList<string>> ContentsAsync(AppDbContext db, CancellationToken cancellation) =>
        [.. (await db.Set<SystemValue>().Where(v => v.Key.StartsWith(Prefix)).Select(v => v.Value).ToListAsync(cancellation)).Select(value => Read(value)?.Sha256).OfType<string>()];

    public static ExportRecord? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<ExportRecord>(json, JsonSerializerOptions.Web);

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
