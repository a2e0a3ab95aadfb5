using System.Globalization;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Flags;

/// <summary>What somebody has edited of a flag and not saved.</summary>
/// <param name="Version">The version that it was begun on.</param>
public sealed record FlagKept(string Key, int Version, FlagDefinition Definition, string Description)
{
    public DateTimeOffset SavedAt { get; init; }

    /// <summary>Of a flag that is not made yet: its key as far as it is typed, and what stands beside it.</summary>
    public FlagNewKept? New { get; init; }
}

/// <param name="Typed">The key.</param>
/// <param name="Url">Leads back to the form.</param>
public sealed record FlagNewKept(string Typed, bool Enabled, string Note, string Title, string Url);

/// <summary>
/// Keeps what is edited on a flag's page: at most once a second, one after another, the last wins. As one definition instead of
/// field by field (<see cref="KeepDraft"/>): rules and variants come and go, and a field says nothing without them. On the
/// renderer only.
/// </summary>
public sealed class FlagDraftKeeper : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly DraftStore _drafts;
    private readonly Action _changed;
    private readonly Action<Exception> _onError;
    private readonly Throttle _throttle;
    private FlagKept? _waiting;
    private Task _last = Task.CompletedTask;

    /// <param name="dispatch">Runs on the renderer.</param>
    /// <param name="changed"><see cref="IsTooLarge"/> is another one.</param>
    public FlagDraftKeeper(DraftStore drafts, Func<Func<Task>, Task> dispatch, TimeProvider time, Action changed, Action<Exception> onError)
    {
        (_drafts, _changed, _onError) = (drafts, changed, onError);
        _throttle = new Throttle(Interval, cancellation => dispatch(() => WriteAsync(cancellation)), time, onError);
    }

    /// <summary>It cannot be kept, as it is too much.</summary>
    public bool IsTooLarge { get; private set; }

    public void Keep(FlagKept kept)
    {
        _waiting = kept;
        _throttle.Signal();
    }

    /// <returns>Null if nothing is kept that this version can read.</returns>
    public async Task<FlagKept?> FindAsync(string key, CancellationToken cancellation)
    {
        if (await _drafts.FindAsync(FormOf(key), cancellation) is not { } draft) return null;
        if (draft.Content.Fields.GetValueOrDefault("definition") is not { } field || FlagDefinition.TryRead(field.Value) is not { } definition) return null;
        if (!int.TryParse(field.Base, NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return null;
        string Of(string name) => draft.Content.Fields.GetValueOrDefault(name)?.Value ?? "";
        return new FlagKept(key, version, definition, Of("description"))
        {
            SavedAt = draft.SavedAt,
            New = draft.Content.Fields.ContainsKey("key") ? new FlagNewKept(Of("key"), Of("enabled") == bool.TrueString, Of("note"), draft.Content.Title, draft.Content.Url) : null,
        };
    }

    /// <summary>It is saved, or given up.</summary>
    public Task ForgetAsync(string key, CancellationToken cancellation)
    {
        (_waiting, IsTooLarge) = (null, false);
        return InTurnAsync(() => _drafts.RemoveAsync(FormOf(key), cancellation));
    }

    /// <summary>Writes what waits still.</summary>
    public async ValueTask DisposeAsync()
    {
        await _throttle.DisposeAsync();
        try
        {
            await WriteAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            _onError(exception);
        }
    }

    private Task WriteAsync(CancellationToken cancellation) => InTurnAsync(async () =>
    {
        if (_waiting is not { } kept) return;
        var version = kept.Version.ToString(CultureInfo.InvariantCulture);
        var fields = new Dictionary<string, DraftField> { ["definition"] = new(kept.Definition.ToJson(), version), ["description"] = new(kept.Description, version) };
        if (kept.New is { } made)
            foreach (var (name, value) in new[] { ("key", made.Typed), ("enabled", made.Enabled.ToString()), ("note", made.Note) })
                fields[name] = new DraftField(value, version);
        var outcome = await _drafts.SaveAsync(FormOf(kept.Key), new DraftContent(kept.New?.Title ?? kept.Key, kept.New?.Url ?? $"/admin/flags/{kept.Key}", null, fields), cancellation);
        if (_waiting == kept) _waiting = null;
        if (IsTooLarge == (outcome == DraftOutcome.TooLarge)) return;
        IsTooLarge = !IsTooLarge;
        _changed();
    });

    // What is forgotten must not come back by a write that was on its way.
    private Task InTurnAsync(Func<Task> work)
    {
        return _last = After(_last);

        async Task After(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await work();
        }
    }

    // Not of the page's own path: what is kept of that one, js/drafts.js looks after.
    private static string FormOf(string key) => $"/admin/flags/{key}/editor#rules";
}
