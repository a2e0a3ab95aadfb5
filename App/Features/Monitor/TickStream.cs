using System.Buffers;
using System.Threading.Tasks.Sources;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// An endless stream of samples for one viewer. First it hands out what the ring still has after a sequence number, then
/// each new sample as it is taken: a waiting read completes straight from the sampler's loop, without channel or task.
/// A viewer that reads too slowly loses the oldest of four waiting samples, so memory stays flat; the losses are counted.
/// One read at a time, as with any stream.
/// </summary>
public sealed class TickStream : Stream, IValueTaskSource<int>
{
    private const int QueueLength = 4;

    private readonly TickBroadcaster _broadcaster;
    private readonly Lock _gate = new();
    private readonly TickPayload?[] _queue = new TickPayload?[QueueLength];
    private ManualResetValueTaskSourceCore<int> _pending;
    private CancellationTokenRegistration _cancellation;
    private Memory<byte> _target;
    private TickPayload? _partial;
    private int _partialOffset;
    private int _head, _queued;
    private long _sent;
    private bool _replaying = true, _waiting, _completed;

    /// <param name="since">Sequence number of the last sample that the viewer has.</param>
    internal TickStream(TickBroadcaster broadcaster, long since)
    {
        _broadcaster = broadcaster;
        _sent = since;
    }

    /// <summary>Sequence number of the last sample handed out.</summary>
    public long Sent
    {
        get { lock (_gate) return _sent; }
    }

    /// <summary>Samples that this viewer was too slow for.</summary>
    public long Dropped { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives a new sample to the viewer. The sampler's loop calls this.</summary>
    internal void Offer(TickPayload payload)
    {
        int written;
        lock (_gate)
        {
            // A replay takes its samples from the ring, where this one is already.
            if (_completed || _replaying || payload.Sequence <= _sent) return;
            if (!_waiting)
            {
                Enqueue(payload);
                return;
            }
            written = Hand(payload, _target.Span);
            EndWait();
        }
        _pending.SetResult(written);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0) return ValueTask.FromResult(0);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<int>(cancellationToken);
        ValueTask<int> result;
        lock (_gate)
        {
            if (_waiting) throw new InvalidOperationException("The stream is being read already.");
            if (_completed) return ValueTask.FromResult(0);
            var written = Available(buffer.Span);
            if (written > 0) return ValueTask.FromResult(written);
            _pending.Reset();
            _target = buffer;
            _waiting = true;
            result = new ValueTask<int>(this, _pending.Version);
            // Inside the lock, so that the registration belongs to this read and to no later one.
            if (cancellationToken.CanBeCanceled)
                _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((TickStream)state!).Cancel(token), this);
        }
        return result;
    }

    /// <summary>Ends the stream: a waiting read and all later ones return 0. May be called from any thread, and twice.</summary>
    public void Complete()
    {
        bool waiting;
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
            waiting = _waiting;
            if (waiting) EndWait();
            Array.Clear(_queue);
            _queued = 0;
            _partial = null;
        }
        _broadcaster.Remove(this);
        if (waiting) _pending.SetResult(0);
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_waiting) return;
            EndWait();
        }
        _pending.SetException(new OperationCanceledException(token));
    }

    private void EndWait()
    {
        _waiting = false;
        _target = default;
        // Unregister does not wait for a callback that runs already; Dispose could deadlock with it on the gate.
        _cancellation.Unregister();
        _cancellation = default;
    }

    private int Available(Span<byte> target)
    {
        if (_partial is not null) return Continue(target);
        if (_replaying)
        {
            var replayed = Replay(target);
            if (replayed > 0) return replayed;
        }
        if (_queued == 0) return 0;
        var payload = _queue[_head]!;
        _queue[_head] = null;
        _head = (_head + 1) % QueueLength;
        _queued--;
        return Hand(payload, target);
    }

    private void Enqueue(TickPayload payload)
    {
        if (_queued == QueueLength)
        {
            _queue[_head] = null;
            _head = (_head + 1) % QueueLength;
            _queued--;
            Dropped++;
            _broadcaster.CountDrop();
        }
        _queue[(_head + _queued) % QueueLength] = payload;
        _queued++;
    }

    private int Hand(TickPayload payload, Span<byte> target)
    {
        _sent = payload.Sequence;
        _partial = payload;
        _partialOffset = 0;
        return Continue(target);
    }

    private int Continue(Span<byte> target)
    {
        var rest = _partial!.Bytes.AsSpan(_partialOffset);
        var count = Math.Min(rest.Length, target.Length);
        rest[..count].CopyTo(target);
        _partialOffset += count;
        if (count == rest.Length) _partial = null;
        return count;
    }

    /// <summary>As many samples out of the ring as fit; ends the replay when the ring has no more.</summary>
    private int Replay(Span<byte> target)
    {
        var ring = _broadcaster.Ring;
        var catalog = _broadcaster.Catalog;
        var size = TickPayload.Size(catalog.Width);
        // A buffer smaller than one sample takes it in parts.
        var rows = Math.Max(1, target.Length / size);
        var times = ArrayPool<double>.Shared.Rent(rows);
        var values = ArrayPool<float>.Shared.Rent(Math.Max(1, rows * catalog.Width));
        try
        {
            var (first, count) = ring.Read(_sent + 1, catalog.Width, times.AsSpan(0, rows), values.AsSpan(0, rows * catalog.Width));
            if (count == 0)
            {
                _replaying = false;
                return 0;
            }
            if (target.Length < size)
                return Hand(TickPayload.Create(catalog.Version, first, times[0], values.AsSpan(0, catalog.Width)), target);
            var written = 0;
            for (var i = 0; i < count; i++)
                written += TickPayload.Write(target[written..], catalog.Version, first + i, times[i], values.AsSpan(i * catalog.Width, catalog.Width));
            _sent = first + count - 1;
            return written;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(times);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _pending.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _pending.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) Complete();
        base.Dispose(disposing);
    }
}
