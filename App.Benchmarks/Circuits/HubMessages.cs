namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>The hub messages that a browser sends over its circuit.</summary>
internal static class HubMessages
{
    public const int Invocation = 1;
    public const int StreamItem = 2;
    public const int Completion = 3;
    public const int StreamInvocation = 4;
    public const int Ping = 6;
    public const int Close = 7;

    public static PackWriter KeepAlive() => new PackWriter().Array(1).Integer(Ping);

    /// <summary>Begins a call whose result comes under <paramref name="id"/>, or none if it is null; the arguments follow.</summary>
    public static PackWriter Call(string method, int arguments, string? id = null) =>
        new PackWriter().Array(6).Integer(Invocation).EmptyMap().Text(id).Text(method).Array(arguments);

    public static PackWriter StartCircuit(string id, string baseUri, string uri, string state) =>
        Call("StartCircuit", 4, id).Text(baseUri).Text(uri).Text("[]").Text(state).NoStreams();

    public static PackWriter UpdateRootComponents(string operations, string state) =>
        Call("UpdateRootComponents", 2).Text(operations).Text(state).NoStreams();

    public static PackWriter RenderCompleted(long batch) => Call("OnRenderCompleted", 2).Integer(batch).Nil().NoStreams();

    public static PackWriter ScriptResult(long handle, string resultJson) =>
        Call("EndInvokeJSFromDotNet", 3).Integer(handle).Boolean(true).Text($"[{handle},true,{resultJson}]").NoStreams();

    public static PackWriter InvokeObject(long call, string method, long target, string argumentsJson) =>
        Call("BeginInvokeDotNetFromJS", 5).Text(call.ToString(System.Globalization.CultureInfo.InvariantCulture)).Nil().Text(method).Integer(target).Text(argumentsJson).NoStreams();

    public static PackWriter LocationChanged(string uri, string? state) =>
        Call("OnLocationChanged", 3).Text(uri).Text(state).Boolean(false).NoStreams();

    public static PackWriter OpenStream(string id, long stream) =>
        new PackWriter().Array(6).Integer(StreamInvocation).EmptyMap().Text(id).Text("SendDotNetStreamToJS").Array(1).Integer(stream).NoStreams();

    private static PackWriter NoStreams(this PackWriter writer) => writer.Array(0);
}
