using System.Diagnostics;

namespace BlazorAdmin.Tests.Features.Mail;

/// <summary>A test with a real mail server; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MailServerFactAttribute : FactAttribute
{
    // Debian's own interpreter: its packages are not seen by others on the PATH.
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> IsThere = new(Look);

    public MailServerFactAttribute() => Skip = IsThere.Value ? null : "aiosmtpd is not installed (Debian: apt-get install python3-aiosmtpd)";

    private static bool Look()
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import aiosmtpd"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
