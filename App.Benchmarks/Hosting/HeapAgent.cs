using System.Globalization;
using System.Net.Sockets;

namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>Inside the measured process: answers on a Unix socket how much of the heap is alive after full collections.</summary>
internal static class HeapAgent
{
    public const string SocketVariable = "BENCHMARKS_HEAP_SOCKET";

    public static void Start()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { Length: > 0 } path) return;
        // Programs that the measured one starts are none of ours.
        Environment.SetEnvironmentVariable(SocketVariable, null);
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        new Thread(() => Serve(listener)) { IsBackground = true, Name = "heap agent" }.Start();
    }

    private static void Serve(Socket listener)
    {
        var request = new byte[1];
        while (true)
        {
            using var client = listener.Accept();
            while (client.Receive(request) == 1) client.Send(System.Text.Encoding.ASCII.GetBytes(LiveBytes().ToString(CultureInfo.InvariantCulture) + "\n"));
        }
    }

    // Twice with finalizers between: what only waits for its finalizer is not alive.
    private static long LiveBytes()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
