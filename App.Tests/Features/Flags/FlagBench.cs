using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Flags;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>Flags and people in memory.</summary>
internal static class FlagBench
{
    public static readonly Guid EditorRole = new("00000000-0000-0000-0000-0000000000e1");

    public static readonly Dictionary<Guid, string> Roles = new() { [EditorRole] = "Editor" };

    public static Flag Row(FlagDefinition definition, string key = "test.flag", bool enabled = true, string salt = "salt", int version = 1) => new()
    {
        Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Key = key, Enabled = enabled, Definition = definition.ToJson(), Salt = salt, Version = version,
    };

    public static CompiledFlag Compile(FlagDefinition definition, bool enabled = true) => Snapshot(Row(definition, enabled: enabled)).Find(AppDbContext.DefaultTenant, "test.flag")!;

    public static FlagSnapshot Snapshot(params Flag[] flags) => FlagSnapshot.Of(flags, Roles, _ => new FlagUse());

    public static FlagPerson Person(Guid? id, params string[] roles) => new(AppDbContext.DefaultTenant, id, roles.ToFrozenSet());

    public static FlagDecision Decide(this FlagSnapshot snapshot, string key, FlagPerson person, DateTimeOffset? now = null) =>
        snapshot.Find(AppDbContext.DefaultTenant, key)!.Evaluate(person, (now ?? DateTimeOffset.UnixEpoch).UtcTicks);
}
