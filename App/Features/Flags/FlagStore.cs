using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Flags;

/// <summary>The flags of this node in memory. Until they are read for the first time, what code declared is given.</summary>
public sealed class FlagStore(IDbContextFactory<AppDbContext> databases, Topic<FlagsRenewed> renewed, ILogger<FlagStore> log) : IDisposable
{
    private const int MostUnknown = 200;

    private readonly ConcurrentDictionary<Guid, FlagUse> _uses = new();
    private readonly ConcurrentDictionary<string, byte> _unknown = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile FlagSnapshot _current = FlagSnapshot.Empty;
    private string? _state;
    private long _number;

    public FlagSnapshot Current => _current;

    public bool IsLoaded => Volatile.Read(ref _state) is not null;

    /// <summary>Keys that code on this node asked for since its start and that are neither a flag nor declared; 200 at most.</summary>
    public IReadOnlyCollection<string> Unknown => [.. _unknown.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads all flags and puts them in force; says so if anything is different.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var roles = await db.Roles.AsNoTracking().Select(r => new { r.Id, r.Name }).ToDictionaryAsync(r => r.Id, r => r.Name!, cancellation);
            var flags = await db.Set<Flag>().AsNoTracking().Where(f => f.ArchivedAt == null).OrderBy(f => f.Id).ToListAsync(cancellation);
            var state = $"{string.Join(';', flags.Select(f => $"{f.Id}:{f.Version}"))}|{string.Join(';', roles.OrderBy(r => r.Key).Select(r => $"{r.Key}:{r.Value}"))}";
            if (state == _state) return;
            _current = FlagSnapshot.Of(flags, roles, id => _uses.GetOrAdd(id, _ => new FlagUse()), flag => FlagsLog.Unreadable(log, flag.Key, flag.Id));
            Volatile.Write(ref _state, state);
        }
        finally
        {
            _reading.Release();
        }

        Renew();
    }

    /// <summary>Tells whoever shows something by a flag to ask again.</summary>
    internal void Renew() => renewed.PublishHere(new FlagsRenewed(Interlocked.Increment(ref _number)));

    /// <summary>Puts flags in force that do not come from the database.</summary>
    internal void Put(FlagSnapshot snapshot) => _current = snapshot;

    internal IEnumerable<(Guid Flag, FlagUse Use)> Uses => _uses.Select(pair => (pair.Key, pair.Value));

    internal void NoteUnknown(string key)
    {
        if (_unknown.Count < MostUnknown && _unknown.TryAdd(key, 0)) FlagsLog.UnknownKey(log, key);
    }

    public void Dispose() => _reading.Dispose();
}
