using System.Security.Cryptography;

namespace BlazorAdmin.Shell;

/// <summary>The number that a person reads to the help desk and that stands in the log line: eight characters without look-alikes.</summary>
public static class ErrorReference
{
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    public static string New() => $"{RandomNumberGenerator.GetString(Letters, 4)}-{RandomNumberGenerator.GetString(Letters, 4)}";
}
