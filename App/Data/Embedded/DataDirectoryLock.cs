using System.Globalization;

namespace BlazorAdmin.Data.Embedded;

/// <summary>One portal per data directory: a file that is held open exclusively, and that the system releases however the portal ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Acquire(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "postgres.lock");
        var holder = Path.Combine(dataDirectory, "postgres.lock.holder");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The locked file itself cannot be read by the one who is refused.
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataDirectoryLock(file);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new EmbeddedPostgresException($"The data directory {dataDirectory} is in use by another portal{Describe(holder)}. Stop that one, or choose another DataDirectory.", exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Describe(string holder) =>
        File.Exists(holder) && int.TryParse(File.ReadAllText(holder), CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
}
