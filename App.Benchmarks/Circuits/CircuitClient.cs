using System.Diagnostics;
using System.Text.Json;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>
/// A browser reduced to its circuit: gets a page, makes its components live over the web socket, acknowledges render
/// batches, answers script calls, and can click. Keeps the page's trees only if asked to, because they cost time.
/// </summary>
internal sealed class CircuitClient : IAsyncDisposable
{
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(10);

    private readonly HubSocket _socket;
    private readonly Uri _base;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<string?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _interopReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Watch? _watch;
    private Task _receiving = Task.CompletedTask;
    private Task _keepingAlive = Task.CompletedTask;
    private string _uri;
    private long _interop;
    private long _lastCall;
    private long _batches;
    private long _lastBatchAt;

    private CircuitClient(HubSocket socket, Uri page, bool keepsDocument)
    {
        _socket = socket;
        _base = new Uri(page, "/");
        _uri = page.AbsoluteUri;
        Document = keepsDocument ? new PageDocument() : null;
    }

    /// <summary>Null if it was not asked for. Read it only while no batch can arrive, or in a condition of <see cref="ClickAsync"/>.</summary>
    public PageDocument? Document { get; }

    /// <summary>The circuit's secret, by which its browser may end it.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Does not acknowledge batches, as a browser that hangs.</summary>
    public bool IsSilent { get; set; }

    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Bytes received over endless streams to scripts, for instance a chart's samples.</summary>
    public long StreamedBytes { get; private set; }

    /// <summary>Is given every piece of an endless stream as it arrives. Set it while nothing flows or expect to miss the first.</summary>
    public StreamPiece? Streamed { get; set; }

    /// <summary>Where the page is now; the server may navigate.</summary>
    public string Location => _uri;

    public TimeSpan SinceLastBatch => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastBatchAt));

    /// <summary>Opens the page and waits until its components are attached.</summary>
    /// <param name="http">Holds the cookies of the person, if any, in its default headers.</param>
    public static async Task<CircuitClient> OpenAsync(HttpClient http, Uri page, bool keepsDocument, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(page, cancellation);
        answer.EnsureSuccessStatusCode();
        var markers = PageMarkers.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        if (markers.Roots.Count == 0) throw new CircuitException($"{page} (answered by {answer.RequestMessage?.RequestUri}) has no interactive component.");
        var hub = new UriBuilder(new Uri(page, "/_blazor")) { Scheme = page.Scheme == "https" ? "wss" : "ws" }.Uri;
        var cookies = http.DefaultRequestHeaders.TryGetValues("Cookie", out var values) ? string.Join("; ", values) : null;
        var client = new CircuitClient(await HubSocket.ConnectAsync(hub, page.GetLeftPart(UriPartial.Authority), cookies, cancellation), page, keepsDocument);
        try
        {
            await client.StartAsync(markers, cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no batch has come for <paramref name="quiet"/>.</summary>
    public async Task WaitUntilQuietAsync(TimeSpan quiet, TimeSpan limit, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (SinceLastBatch is var since && since < quiet)
        {
            if (Stopwatch.GetElapsedTime(start) > limit) throw new CircuitException($"{_uri} was still rendering after {limit.TotalSeconds:0} s.");
            if (_receiving.IsCompleted) await _receiving;
            await Task.Delay(quiet - since, cancellation);
        }
    }

    /// <summary>Waits until the document satisfies a condition.</summary>
    public Task WaitForAsync(Func<PageDocument, bool> condition, TimeSpan limit, CancellationToken cancellation) =>
        WatchAsync(condition, limit, checkNow: true, static _ => Task.CompletedTask, cancellation);

    /// <summary>Clicks and waits for the batch after which the condition holds.</summary>
    /// <param name="done">Null: the next batch is enough.</param>
    /// <returns>The time from the click to the arrival of that batch.</returns>
    public Task<TimeSpan> ClickAsync(PageNode target, Func<PageDocument, bool>? done, TimeSpan limit, CancellationToken cancellation)
    {
        if (!target.Handlers.TryGetValue("onclick", out var handler)) throw new CircuitException($"<{target.Name}> does not answer to clicks.");
        var arguments = $$"""[{"eventHandlerId":{{handler}},"eventName":"click","eventFieldInfo":null},{"detail":1,"screenX":1,"screenY":1,"clientX":1,"clientY":1,"offsetX":1,"offsetY":1,"pageX":1,"pageY":1,"movementX":0,"movementY":0,"button":0,"buttons":0,"ctrlKey":false,"shiftKey":false,"altKey":false,"metaKey":false,"type":"click"}]""";
        return WatchAsync(done, limit, checkNow: false, token => _socket.SendAsync(HubMessages.InvokeObject(Interlocked.Increment(ref _lastCall), "DispatchEventAsync", _interop, arguments), token), cancellation);
    }

    /// <summary>Ends the circuit at once, as a browser does that leaves the page; a lost connection would keep it for minutes.</summary>
    public async Task LeaveAsync(HttpClient http, CancellationToken cancellation)
    {
        using var form = new MultipartFormDataContent { { new StringContent(Secret), "circuitId" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, "_blazor/disconnect")) { Content = form };
        request.Headers.Add("Origin", _base.GetLeftPart(UriPartial.Authority));
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var task in new[] { _receiving, _keepingAlive })
        {
            try
            {
                await task;
            }
            catch (Exception exception) when (exception is OperationCanceledException or CircuitException or System.Net.WebSockets.WebSocketException)
            {
                // Closing ends both loops; a circuit that failed has told its waiters.
            }
        }

        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task StartAsync(PageMarkers markers, CancellationToken cancellation)
    {
        _lastBatchAt = Stopwatch.GetTimestamp();
        _receiving = ReceiveAsync();
        _keepingAlive = KeepAliveAsync();
        await _socket.SendAsync(HubMessages.StartCircuit("0", _base.AbsoluteUri, _uri, markers.State), cancellation);
        Secret = await OrFailure(_started.Task, cancellation) ?? throw new CircuitException("The server did not start the circuit.");
        await _socket.SendAsync(HubMessages.UpdateRootComponents(markers.ToOperations(), markers.State), cancellation);
        await OrFailure(_interopReady.Task, cancellation);
        while (Batches == 0) await WatchAsync(null, TimeSpan.FromSeconds(30), checkNow: true, static _ => Task.CompletedTask, cancellation);
    }

    private async Task OrFailure(Task task, CancellationToken cancellation)
    {
        if (await Task.WhenAny(task, _receiving).WaitAsync(TimeSpan.FromSeconds(30), cancellation) == task) await task;
        else await Failed();
    }

    private async Task<T> OrFailure<T>(Task<T> task, CancellationToken cancellation)
    {
        await OrFailure((Task)task, cancellation);
        return await task;
    }

    private async Task Failed()
    {
        await _receiving;
        throw new CircuitException($"The server ended the circuit of {_uri}.");
    }

    private async Task<TimeSpan> WatchAsync(Func<PageDocument, bool>? done, TimeSpan limit, bool checkNow, Func<CancellationToken, Task> act, CancellationToken cancellation)
    {
        var watch = new Watch(done, Batches);
        if (Interlocked.CompareExchange(ref _watch, watch, null) is not null) throw new InvalidOperationException("One wait at a time.");
        try
        {
            if (checkNow && Document is not null && done is not null)
                lock (Document)
                    watch.Check(this);
            var start = Stopwatch.GetTimestamp();
            await act(cancellation);
            if (await Task.WhenAny(watch.Reached.Task, _receiving).WaitAsync(limit, cancellation) != watch.Reached.Task) await Failed();
            return Stopwatch.GetElapsedTime(start, await watch.Reached.Task);
        }
        catch (TimeoutException)
        {
            throw new CircuitException($"{_uri} did not render what was waited for within {limit.TotalSeconds:0} s.");
        }
        finally
        {
            _watch = null;
        }
    }

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(KeepAliveInterval);
        while (await timer.WaitForNextTickAsync(_closing.Token)) await _socket.SendAsync(HubMessages.KeepAlive(), _closing.Token);
    }

    private async Task ReceiveAsync()
    {
        while (await _socket.ReceiveAsync(_closing.Token) is { } message)
            if (Handle(message.Span) is { } answers)
                foreach (var answer in answers)
                    await _socket.SendAsync(answer, _closing.Token);
    }

    /// <returns>What a browser would send back.</returns>
    private IEnumerable<PackWriter>? Handle(ReadOnlySpan<byte> message)
    {
        var reader = new PackReader(message);
        reader.Array();
        switch (reader.Integer())
        {
            case HubMessages.Invocation:
                reader.Skip();
                reader.Skip();
                var method = reader.Text();
                reader.Array();
                return HandleCall(method, ref reader);
            case HubMessages.StreamItem:
                reader.Skip();
                reader.Skip();
                var piece = reader.Binary();
                StreamedBytes += piece.Length;
                Streamed?.Invoke(piece);
                return null;
            case HubMessages.Completion:
                reader.Skip();
                if (reader.Text() != "0") return null;
                _started.TrySetResult(reader.Integer() == 3 ? reader.Text() : null);
                return null;
            case HubMessages.Close:
                throw new CircuitException($"The server closed the connection: {(reader.NextIsNil ? "no reason" : reader.Text())}");
            default:
                return null;
        }
    }

    private IEnumerable<PackWriter>? HandleCall(string? method, ref PackReader reader)
    {
        switch (method)
        {
            case "JS.RenderBatch":
                var batch = reader.Integer();
                ApplyBatch(reader.Binary());
                return IsSilent ? null : [HubMessages.RenderCompleted(batch)];
            case "JS.BeginInvokeJS":
                return Answer(reader.Integer(), reader.Text()!, reader.Text()!, reader.Integer());
            case "JS.BeginTransmitStream":
                var stream = reader.Integer();
                return [HubMessages.OpenStream("stream" + stream, stream)];
            case "JS.Error":
                throw new CircuitException($"The circuit of {_uri} failed: {reader.Text()}");
            default:
                return null;
        }
    }

    private void ApplyBatch(ReadOnlySpan<byte> data)
    {
        var arrived = Stopwatch.GetTimestamp();
        Volatile.Write(ref _lastBatchAt, arrived);
        if (Document is null)
        {
            Volatile.Write(ref _batches, _batches + 1);
            _watch?.Check(this);
            return;
        }

        lock (Document)
        {
            Document.Apply(new RenderBatch(data));
            Volatile.Write(ref _batches, _batches + 1);
            _watch?.Check(this);
        }
    }

    private IEnumerable<PackWriter> Answer(long handle, string function, string arguments, long resultType)
    {
        var answers = new List<PackWriter>(2);
        using var json = JsonDocument.Parse(arguments is "" ? "[]" : arguments);
        if (function.EndsWith("attachWebRendererInterop", StringComparison.Ordinal))
        {
            _interop = json.RootElement[1].GetProperty("__dotNetObject").GetInt64();
            _interopReady.TrySetResult();
        }
        else if (function.EndsWith("navigationManager.navigateTo", StringComparison.Ordinal))
        {
            _uri = new Uri(_base, json.RootElement[0].GetString()!).AbsoluteUri;
            answers.Add(HubMessages.LocationChanged(_uri, null));
        }

        const int objectReference = 1;
        if (handle != 0) answers.Add(HubMessages.ScriptResult(handle, resultType == objectReference ? """{"__jsObjectId":1}""" : Result(function)));
        return answers;
    }

    /// <summary>What the live charts' script returns (live-chart.js): the seconds shown, and that it has no sample yet; the other scripts return nothing.</summary>
    private static string Result(string function) => function switch
    {
        "attach" => "60",
        "lastSequence" => "0",
        _ => "null",
    };

    /// <summary>A wait for a batch.</summary>
    private sealed class Watch(Func<PageDocument, bool>? done, long batchesBefore)
    {
        public TaskCompletionSource<long> Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Check(CircuitClient client)
        {
            if (done is null ? client.Batches > batchesBefore : done(client.Document!)) Reached.TrySetResult(Volatile.Read(ref client._lastBatchAt));
        }
    }
}
