using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Backup.Archive;

namespace BlazorAdmin.Features.Backup;

/// <summary>Reads the keys of archives: the root key of this installation, and passphrases from files.</summary>
public sealed class BackupKeyring(RootKeyFile rootKey)
{
    /// <summary>A shorter passphrase could be guessed by trying.</summary>
    internal const int LeastPassphrase = 15;

    private const int MostPassphrase = 4_096;

    /// <param name="passphraseFile">Its first line is the passphrase; null for none.</param>
    /// <exception cref="BackupException">The file cannot be read, or its passphrase is too short.</exception>
    public ArchiveKeys Read(string? passphraseFile)
    {
        try
        {
            return new ArchiveKeys(rootKey.TryRead(), passphraseFile is null ? null : ReadPassphrase(passphraseFile));
        }
        catch (StartupException exception)
        {
            throw new BackupException(BackupProblem.OtherKey, exception.Message, exception);
        }
    }

    /// <summary>Puts the root key of an archive in its place on a machine that has none.</summary>
    /// <returns>Whether there was none, so that <see cref="GiveUp"/> may take it back.</returns>
    internal bool Adopt(byte[] key)
    {
        if (rootKey.TryRead() is not null) return false;
        rootKey.Write(key);
        return true;
    }

    /// <summary>Removes the key that was adopted: the database that stays is not of it.</summary>
    internal void GiveUp() => rootKey.Remove();

    private static string ReadPassphrase(string file)
    {
        string passphrase;
        try
        {
            if (new FileInfo(file).Length > MostPassphrase) throw new BackupException(BackupProblem.Other, $"The passphrase file {file} is larger than {MostPassphrase} bytes.");
            passphrase = File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(BackupProblem.Other, $"The passphrase file {file} cannot be read: {exception.Message}", exception);
        }

        return passphrase.Length >= LeastPassphrase
            ? passphrase
            : throw new BackupException(BackupProblem.Other, $"The passphrase in {file} has {passphrase.Length} characters. Take at least {LeastPassphrase}, for instance five words.");
    }
}
