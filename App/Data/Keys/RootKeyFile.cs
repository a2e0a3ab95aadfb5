using System.Security.Cryptography;

namespace BlazorAdmin.Data.Keys;

/// <summary>Where the root key comes from: the setting <c>RootKey</c> (environment), or <c>keys/root.key</c> in the data directory.</summary>
public sealed class RootKeyFile(DataDirectory data, IConfiguration configuration)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string FilePath => Path.Combine(data.Keys, "root.key");

    /// <summary>True if the key is given by the configuration rather than by the file.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(configuration["RootKey"]);

    /// <returns>The key, or null if there is neither setting nor file.</returns>
    /// <exception cref="StartupException">What is there is no key.</exception>
    public byte[]? TryRead()
    {
        if (configuration["RootKey"] is { } configured && !string.IsNullOrWhiteSpace(configured)) return Parse(configured, "The setting RootKey");
        if (!File.Exists(FilePath)) return null;
        try
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(FilePath) != OwnerOnly) File.SetUnixFileMode(FilePath, OwnerOnly);
            return Parse(File.ReadAllText(FilePath), FilePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The root key {FilePath} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes a new key and writes it.</summary>
    public byte[] Create()
    {
        var key = RandomNumberGenerator.GetBytes(RootKey.Length);
        Write(key);
        return key;
    }

    /// <summary>Writes a key where there is none, so that a crash leaves either no file or the whole key.</summary>
    /// <exception cref="IOException">There is a key already, or it cannot be written.</exception>
    public void Write(byte[] key)
    {
        var draft = FilePath + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, FilePath, overwrite: false);
    }

    /// <summary>Takes back a key that was written for something that did not happen.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Remove() => File.Delete(FilePath);

    private static byte[] Parse(string text, string source)
    {
        var key = new byte[RootKey.Length];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == RootKey.Length
            ? key
            : throw new StartupException($"{source} is not a root key: 32 bytes as base64 (44 characters) are expected. Restore the key that was printed at the first start.");
    }
}
