namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>One process at one moment.</summary>
/// <param name="Parent">Process that started it, or that took it over; 0 for none.</param>
/// <param name="Name">As the kernel keeps it, at most 15 characters.</param>
/// <param name="Command">Arguments with secrets masked, at most <see cref="CommandText.Longest"/> characters; the name in brackets for threads of the kernel; empty for those who may not see it.</param>
/// <param name="User">Name, or number where it has none.</param>
/// <param name="State">Letter of the kernel: R, S, D, Z, T, I ...</param>
/// <param name="Cpu">Cores in use, 1 is one core fully busy; null in the first second.</param>
/// <param name="Memory">Resident bytes.</param>
/// <param name="Read">Bytes per second read from disks; null where the portal may not know or in the first second.</param>
/// <param name="Written">As <paramref name="Read"/>.</param>
public sealed record ProcessRow(
    int Pid, int Parent, string Name, string Command, string User, char State,
    double? Cpu, long Memory, int Threads, double? Read, double? Written, DateTimeOffset StartedAt)
{
    /// <summary>Bytes per second in both directions; null where neither is known.</summary>
    public double? Traffic => Read is null && Written is null ? null : (Read ?? 0) + (Written ?? 0);
}
