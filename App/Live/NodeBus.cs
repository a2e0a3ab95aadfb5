using System.Collections.Frozen;
using System.Text.Json;
using System.Threading.Channels;
using BlazorAdmin.Data;

namespace BlazorAdmin.Live;

/// <summary>
/// The carrier's common half: a bounded queue that publishers never wait for, batches out of it, and delivery of what comes
/// in. How batches travel is the derived class's.
/// </summary>
public abstract class NodeBus(NodeInfo node, DatabaseState database, IServiceProvider services, TimeProvider time, ILogger log) : BackgroundService, INodeBus
{
    private const int QueueLength = 10_000;
    private const int BatchLength = 1_000;

    // After a batch: lets messages gather under load, so that 1,000 messages a second cost few commits.
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    // Longest time that stopping waits for the last messages to leave.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _sending = new();
    private Channel<NodeEnvelopeItem>? _queue;
    private FrozenDictionary<string, ITopic>? _topics;
    private Task _sender = Task.CompletedTask;
    private long _dropped;
    private long _sent;
    private long _received;
    private int _gap;
    private volatile bool _connected;

    /// <summary>Whether messages of other processes arrive.</summary>
    public bool IsConnected => _connected;

    /// <summary>Messages that the other processes never got, since start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public long Sent => Interlocked.Read(ref _sent);

    public long Received => Interlocked.Read(ref _received);

    protected TimeProvider Time => time;

    protected NodeInfo Node => node;

    protected ILogger Log => log;

    private Channel<NodeEnvelopeItem> Queue => LazyInitializer.EnsureInitialized(ref _queue, () => Channel.CreateBounded<NodeEnvelopeItem>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => CountDropped(1)));

    // Topics hold the bus, so the bus asks for them only once everything is built.
    private FrozenDictionary<string, ITopic> Topics => LazyInitializer.EnsureInitialized(ref _topics, () => services.GetServices<ITopic>().ToFrozenDictionary(t => t.Name));

    public void Send(string topic, object message)
    {
        try
        {
            var item = new NodeEnvelopeItem(topic, JsonSerializer.Serialize(message, message.GetType(), JsonSerializerOptions.Web));
            if (NodeEnvelope.SizeOf(item) > NodeEnvelope.MaxItemBytes)
            {
                LiveLog.MessageTooLong(log, topic, NodeEnvelope.SizeOf(item), NodeEnvelope.MaxItemBytes);
                Skip();
                return;
            }

            Queue.Writer.TryWrite(item);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            LiveLog.MessageNotSerialisable(log, exception, topic);
            Skip();
        }
    }

    /// <summary>Connects, calls <see cref="Connected"/>, then <see cref="Receive"/> for everything that comes; throws when the connection is lost.</summary>
    protected abstract Task ListenAsync(CancellationToken cancellation);

    /// <summary>Sends every payload to all processes; throws if that failed.</summary>
    protected abstract Task SendAsync(IReadOnlyList<string> payloads, CancellationToken cancellation);

    /// <summary>To be called once messages arrive. Those of before are lost, so every topic says that it may have missed some.</summary>
    protected void Connected()
    {
        _connected = true;
        foreach (var topic in Topics.Values) topic.ReceiveGap();
    }

    /// <summary>Delivers what another process sent; ignores this one's own, unknown topics and what cannot be read.</summary>
    protected void Receive(string payload)
    {
        if (NodeEnvelope.Read(payload) is not { } envelope)
        {
            LiveLog.UnreadableMessage(log);
            return;
        }

        if (envelope.Sender == node.Instance) return;
        if (envelope.Gap)
            foreach (var topic in Topics.Values)
                topic.ReceiveGap();
        foreach (var (name, message) in envelope.Messages)
        {
            Interlocked.Increment(ref _received);
            // Another version of the portal may have topics that this one does not know.
            if (!Topics.TryGetValue(name, out var topic)) continue;
            try
            {
                topic.Receive(message);
            }
            catch (JsonException exception)
            {
                LiveLog.MessageNotReadable(log, exception, name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            _sender = SendLoopAsync(_sending.Token);
            await ListenLoopAsync(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            _connected = false;
        }
    }

    private async Task ListenLoopAsync(CancellationToken cancellation)
    {
        var backOff = new BackOff();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                if (_connected) backOff = new BackOff();
                if (backOff.IsFirst) LiveLog.Disconnected(log, exception);
            }

            _connected = false;
            await Task.Delay(backOff.Next(), time, cancellation);
        }
    }

    private async Task SendLoopAsync(CancellationToken cancellation)
    {
        var items = new List<NodeEnvelopeItem>();
        var backOff = new BackOff();
        try
        {
            while (items.Count > 0 || await Queue.Reader.WaitToReadAsync(cancellation))
            {
                while (items.Count < BatchLength && Queue.Reader.TryRead(out var item)) items.Add(item);
                var gap = Interlocked.Exchange(ref _gap, 0) == 1;
                try
                {
                    await SendAsync(NodeEnvelope.Pack(node.Instance, gap, items), cancellation);
                    Interlocked.Add(ref _sent, items.Count);
                    items.Clear();
                    backOff = new BackOff();
                    await Task.Delay(BatchInterval, time, cancellation);
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    if (gap) Interlocked.Exchange(ref _gap, 1);
                    if (backOff.IsFirst) LiveLog.SendingFailed(log, exception);
                    await Task.Delay(backOff.Next(), time, cancellation);
                }
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            CountDropped(items.Count);
        }
    }

    // The others learn with the next batch that something is missing, so there must be one.
    private void Skip()
    {
        CountDropped(1);
        Queue.Writer.TryWrite(new NodeEnvelopeItem("", "null"));
    }

    private void CountDropped(int count)
    {
        Interlocked.Add(ref _dropped, count);
        Interlocked.Exchange(ref _gap, 1);
    }

    /// <summary>Ends after the last messages left, or after two seconds.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Queue.Writer.TryComplete();
        _sending.CancelAfter(FlushTimeout);
        await base.StopAsync(cancellationToken);
        await _sender;
    }

    public override void Dispose()
    {
        _sending.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A quarter of a second, doubled up to five.</summary>
    private sealed class BackOff
    {
        private TimeSpan _next = TimeSpan.FromMilliseconds(250);

        public bool IsFirst { get; private set; } = true;

        public TimeSpan Next()
        {
            IsFirst = false;
            var now = _next;
            _next = TimeSpan.FromTicks(Math.Min(now.Ticks * 2, TimeSpan.FromSeconds(5).Ticks));
            return now;
        }
    }
}
