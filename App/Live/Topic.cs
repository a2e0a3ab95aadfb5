using System.Text.Json;

namespace BlazorAdmin.Live;

/// <summary>A topic as the carrier between processes sees it.</summary>
public interface ITopic
{
    string Name { get; }

    /// <summary>Hands a message from another process to the subscribers here.</summary>
    void Receive(JsonElement message);

    /// <summary>Tells the subscribers here that messages of other processes may have been lost.</summary>
    void ReceiveGap();
}

/// <summary>
/// Tells everybody in the portal that one kind of thing changed, in this process at once and in the others through
/// <see cref="INodeBus"/>. Messages are ids and versions, small and serialisable; whoever needs more reads it.
/// </summary>
/// <remarks>Handlers run on the publisher's thread, outside the lock, each on its own: one that throws does not disturb the rest. They must be short.</remarks>
public sealed class Topic<T>(string name, INodeBus bus, ILogger<Topic<T>> log) : ITopic where T : class
{
    private readonly Lock _lock = new();
    private Subscription[] _subscriptions = [];
    private long _lastDelivery;

    public string Name => name;

    /// <summary>How many listen now.</summary>
    public int SubscriberCount => Volatile.Read(ref _subscriptions).Length;

    /// <summary>When the last message was delivered, on the <see cref="TopicClock"/>.</summary>
    internal long LastDelivery => Volatile.Read(ref _lastDelivery);

    /// <summary>Calls <paramref name="handler"/> for every message until the result is disposed; disposing twice is fine.</summary>
    /// <param name="handler">Must be short; it may be running one last time while the subscription is disposed.</param>
    /// <param name="missed">Called when messages of other processes may have been lost: read everything again.</param>
    public IDisposable Subscribe(Action<T> handler, Action? missed = null)
    {
        var subscription = new Subscription(this, handler, missed);
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

    void ITopic.ReceiveGap() => Call(subscription => subscription.Missed());

    private void Deliver(T message) => Call(subscription => subscription.Handle(message));

    private void Call(Action<Subscription> call)
    {
        // Before the list is read: who subscribes too late for this message sees by the time that it came.
        Volatile.Write(ref _lastDelivery, TopicClock.Next());
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            try
            {
                call(subscription);
            }
            catch (Exception exception)
            {
                LiveLog.HandlerFailed(log, exception, name);
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock) _subscriptions = Array.FindAll(_subscriptions, s => s != subscription);
    }

    private sealed class Subscription(Topic<T> topic, Action<T> handler, Action? missed) : IDisposable
    {
        private int _ended;

        public void Handle(T message)
        {
            if (Volatile.Read(ref _ended) == 0) handler(message);
        }

        public void Missed()
        {
            if (Volatile.Read(ref _ended) == 0) missed?.Invoke();
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) topic.Remove(this);
        }
    }
}
