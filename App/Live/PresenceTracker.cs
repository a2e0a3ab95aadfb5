using BlazorAdmin.Data;

namespace BlazorAdmin.Live;

/// <summary>The open circuits of this process, and which of them the database does not know yet. Nothing here waits.</summary>
public sealed class PresenceTracker(NodeInfo node, TimeProvider time)
{
    private const int MaxPageLength = 300;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, CircuitPresence> _open = [];
    private HashSet<Guid> _changed = [];
    private HashSet<Guid> _closed = [];

    public int Count
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    public void Open(Guid id, Guid tenant, Guid user, Guid? session, string page)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            _open[id] = new CircuitPresence
            {
                Id = id,
                TenantId = tenant,
                UserId = user,
                SessionId = session,
                NodeInstance = node.Instance,
                ConnectedAt = now,
                Page = Limit(page),
                PageSince = now,
                IsConnected = true,
            };
            _changed.Add(id);
        }
    }

    public void Move(Guid id, string page) => Change(id, circuit =>
    {
        if (circuit.Page == Limit(page)) return false;
        (circuit.Page, circuit.PageSince) = (Limit(page), time.GetUtcNow());
        return true;
    });

    public void SetConnected(Guid id, bool connected) => Change(id, circuit =>
    {
        if (circuit.IsConnected == connected) return false;
        circuit.IsConnected = connected;
        return true;
    });

    public void Close(Guid id)
    {
        lock (_lock)
        {
            if (!_open.Remove(id)) return;
            _changed.Remove(id);
            _closed.Add(id);
        }
    }

    /// <summary>What happened since the last call: copies of the changed circuits, and the ids of the closed ones.</summary>
    internal (IReadOnlyList<CircuitPresence> Changed, IReadOnlyCollection<Guid> Closed) TakeChanges()
    {
        lock (_lock)
        {
            var taken = (_changed.Select(id => Copy(_open[id])).ToList(), _closed);
            (_changed, _closed) = ([], []);
            return taken;
        }
    }

    /// <summary>After a failure to store: everything counts as changed.</summary>
    internal void ChangeAll()
    {
        lock (_lock) _changed = [.. _open.Keys];
    }

    private void Change(Guid id, Func<CircuitPresence, bool> change)
    {
        lock (_lock)
            if (_open.TryGetValue(id, out var circuit) && change(circuit))
                _changed.Add(id);
    }

    private static string Limit(string page) => page.Length > MaxPageLength ? page[..MaxPageLength] : page;

    private static CircuitPresence Copy(CircuitPresence from) => new()
    {
        Id = from.Id,
        TenantId = from.TenantId,
        UserId = from.UserId,
        SessionId = from.SessionId,
        NodeInstance = from.NodeInstance,
        ConnectedAt = from.ConnectedAt,
        Page = from.Page,
        PageSince = from.PageSince,
        IsConnected = from.IsConnected,
    };
}
