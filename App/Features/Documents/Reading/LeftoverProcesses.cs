namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Ends external processes by their mark.</summary>
public static class LeftoverProcesses
{
    /// <summary>
    /// Ends every process marked with our data directory whose owner no longer lives (a crash left it). Processes of portals that live are not touched.
    /// Returns how many were ended.
    /// </summary>
    public static int EndAll(StepMarker own) =>
        End(marker => marker.DataDirectory == own.DataDirectory && ProcessTable.StartTime(marker.OwnerProcess) != marker.OwnerStart);

    /// <summary>Ends what is left of one step, also processes that left its process group.</summary>
    internal static int EndStep(StepMarker step) => End(marker => marker.Step == step.Step);

    private static int End(Func<StepMarker, bool> ours)
    {
        var ended = new HashSet<int>();
        // Again until nothing new is found: a process may fork while the table is read.
        for (var found = true; found;)
        {
            found = false;
            foreach (var (process, marker) in ProcessTable.Marked())
            {
                if (ours(marker) && ended.Add(process) && PosixCalls.Kill(process)) found = true;
            }
        }
        return ended.Count;
    }
}
