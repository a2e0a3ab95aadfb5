using System.Text.Json;

namespace BlazorAdmin.Live;

/// <summary>A topic as the carrier between processes sees it.</summary>
public interface ITopic
{
    string Name { get; }

    /// <summary>Hands a message from another process to the subscribers here.</summary>
    void Receive(JsonElement message);
}

/// <summary>
/// Tells everybody in the portal that one kind of thing changed, in this process at once and in the others through
/// <see cref="INodeBus"/>. Messages are ids and versions, small and serialisable; whoever needs more reads it.
/// </summary>
/// <remarks>Handlers run on the publisher's thread, outside the lock, each on its own: one that throws does not disturb the rest. They must be short.</remarks>
public sealed partial class Topic<T>(string name, INodeBus bus, ILogger<Topic<T>> log) : ITopic where T : class
{
    private readonly Lock _lock = new();
    private Subscription[] _subscriptions = [];

    public string Name => name;

    /// <summary>How many listen now.</summary>
    public int SubscriberCount => Volatile.Read(ref _subscriptions).Length;

    /// <summary>Calls <paramref name="handler"/> for every message until the result is disposed; disposing twice is fine.</summary>
    public IDisposable Subscribe(Action<T> handler)
    {
        var subscription = new Subscription(this, handler);
        lock (_lock) _subscriptions = [.. _subscriptions, subscription];
        return subscription;
    }

    /// <summary>Tells the subscribers here at once and the other processes shortly after. Call after the commit.</summary>
    public void Publish(T message)
    {
        Deliver(message);
        bus.Send(name, message);
    }

    /// <summary>Tells the subscribers of this process only.</summary>
    public void PublishHere(T message) => Deliver(message);

    void ITopic.Receive(JsonElement message)
    {
        if (message.Deserialize<T>(JsonSerializerOptions.Web) is { } received) Deliver(received);
    }

    private void Deliver(T message)
    {
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            try
            {
                subscription.Handle(message);
            }
            catch (Exception exception)
            {
                LogHandlerFailed(log, exception, name);
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock) _subscriptions = Array.FindAll(_subscriptions, s => s != subscription);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscriber of topic {Topic} failed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string topic);

    private sealed class Subscription(Topic<T> topic, Action<T> handler) : IDisposable
    {
        private int _ended;

        public void Handle(T message)
        {
            if (Volatile.Read(ref _ended) == 0) handler(message);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) topic.Remove(this);
        }
    }
}
