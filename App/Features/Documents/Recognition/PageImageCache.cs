using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>
/// Page images on disk, bounded in bytes, the least recently used go first. Each is drawn once however many ask at the same time, so many at a
/// time as the settings say, and drawing ends when all who asked have gone away. It says nothing about who may see an image: that is asked before.
/// </summary>
public sealed class PageImageCache(DataDirectory data, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<PageImageCache> log)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const double KeptAfterCleaning = 0.9;
    private readonly Dictionary<string, Flight> _flights = [];
    private readonly Lock _lock = new();
    private readonly Lock _cleaning = new();
    private long? _bytes;
    private int _drawing;
    private readonly Queue<TaskCompletionSource> _waiting = new();

    /// <summary>Drawings in progress.</summary>
    public int Drawing => Volatile.Read(ref _drawing);

    private string Root { get; } = Path.Combine(data.Path, "page-images");

    /// <summary>The image, from disk or drawn now.</summary>
    /// <param name="draw">Gives the bytes of the image, or null when there is none; runs at most once at a time for a key.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/>.</exception>
    public async Task<byte[]?> Get(PageImageKey key, Func<CancellationToken, Task<byte[]?>> draw, CancellationToken cancel)
    {
        if (await Known(key, cancel) is { } known) return known;
        Flight flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(key.Name, out flight!) || flight.Waiters == 0)
            {
                flight = new Flight();
                _flights[key.Name] = flight;
                flight.Image = Draw(key, draw, flight);
            }
            flight.Waiters++;
        }
        try
        {
            return await flight.Image.WaitAsync(cancel);
        }
        finally
        {
            Leave(flight);
        }
    }

    /// <summary>Removes all images of these bytes; also what is drawn of them at this moment is not kept.</summary>
    public void Remove(string sha256)
    {
        lock (_lock)
        {
            foreach (var (name, flight) in _flights)
            {
                if (name.StartsWith(sha256, StringComparison.Ordinal)) flight.Removed = true;
            }
        }
        lock (_cleaning)
        {
            if (!Directory.Exists(Folder(sha256))) return;
            foreach (var file in new DirectoryInfo(Folder(sha256)).EnumerateFiles(sha256 + "-*")) Delete(file);
        }
    }

    /// <summary>Of which bytes there are images, a folder at a time.</summary>
    public IEnumerable<string> Hashes()
    {
        if (!Directory.Exists(Root)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal))
        {
            foreach (var sha256 in Directory.EnumerateFiles(folder).Select(PageImageKey.HashOf).OfType<string>().Distinct().ToList()) yield return sha256;
        }
    }

    private async Task<byte[]?> Draw(PageImageKey key, Func<CancellationToken, Task<byte[]?>> draw, Flight flight)
    {
        // Not under the lock of the caller.
        await Task.Yield();
        try
        {
            await Enter(flight.Cancel.Token);
            try
            {
                if (await draw(flight.Cancel.Token) is not { } image) return null;
                if (!Volatile.Read(ref flight.Removed)) Keep(key, image);
                return image;
            }
            finally
            {
                Exit();
            }
        }
        finally
        {
            lock (_lock)
            {
                if (_flights.TryGetValue(key.Name, out var current) && current == flight) _flights.Remove(key.Name);
            }
        }
    }

    private void Leave(Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiters > 0) return;
        }
        // Nobody waits any more: the drawing ends, if it has not yet.
        flight.Cancel.Cancel();
    }

    /// <summary>Waits for one of the places, whose number the settings may change at any time.</summary>
    private async Task Enter(CancellationToken cancel)
    {
        while (true)
        {
            TaskCompletionSource turn;
            lock (_waiting)
            {
                if (_drawing < Math.Max(1, options.CurrentValue.PageImagesAtOnce))
                {
                    _drawing++;
                    return;
                }
                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(turn);
            }
            try
            {
                await turn.Task.WaitAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                // The turn may have come at the same moment: then it is the next one's.
                if (turn.Task.IsCompleted) Wake();
                throw;
            }
        }
    }

    private void Exit()
    {
        lock (_waiting) _drawing--;
        Wake();
    }

    private void Wake()
    {
        lock (_waiting)
        {
            while (_waiting.TryDequeue(out var next) && !next.TrySetResult())
            {
            }
        }
    }

    private async Task<byte[]?> Known(PageImageKey key, CancellationToken cancel)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path)) return null;
            var image = await File.ReadAllBytesAsync(path, cancel);
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return image.Length > 0 ? image : null;
        }
        catch (IOException)
        {
            // Cleaned away at this moment: it is drawn again.
            return null;
        }
    }

    private void Keep(PageImageKey key, byte[] image)
    {
        var limit = (long)options.CurrentValue.PageImageMegabytes << 20;
        if (image.Length > limit) return;
        try
        {
            lock (_cleaning)
            {
                Make(Root);
                Make(Folder(key.Sha256));
                var path = PathOf(key);
                var part = path + "." + Guid.NewGuid().ToString("n") + ".part";
                File.WriteAllBytes(part, image);
                File.SetLastWriteTimeUtc(part, time.GetUtcNow().UtcDateTime);
                File.Move(part, path, overwrite: true);
                _bytes = (_bytes ?? Measure()) + image.Length;
                if (_bytes > limit) Clean((long)(limit * KeptAfterCleaning));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A full disk costs the next reader a drawing, nothing more.
            DocumentsLog.PageImageNotKept(log, fault);
        }
    }

    private void Clean(long keep)
    {
        var files = new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.LastWriteTimeUtc).ToList();
        var bytes = files.Sum(file => file.Length);
        foreach (var file in files)
        {
            if (bytes <= keep) break;
            bytes -= file.Length;
            file.Delete();
        }
        _bytes = bytes;
    }

    private void Delete(FileInfo file)
    {
        if (_bytes is { } bytes) _bytes = Math.Max(0, bytes - file.Length);
        file.Delete();
    }

    private long Measure() => new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private string Folder(string sha256) => Path.Combine(Root, sha256[..2]);

    private string PathOf(PageImageKey key) => Path.Combine(Folder(key.Sha256), key.Name);

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
    }

    /// <summary>One drawing and how many wait for it.</summary>
    private sealed class Flight
    {
        public bool Removed;

        public Task<byte[]?> Image { get; set; } = null!;

        public int Waiters { get; set; }

        public CancellationTokenSource Cancel { get; } = new();
    }
}
