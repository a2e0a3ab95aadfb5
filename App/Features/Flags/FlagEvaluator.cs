namespace BlazorAdmin.Features.Flags;

/// <summary>Answers what somebody is given, from memory alone: no database, no lock, no allocation.</summary>
public sealed class FlagEvaluator(FlagStore store, FlagCatalog catalog, FlagExposures exposures, TimeProvider time)
{
    /// <summary>What <paramref name="person"/> is given now; notes that it was asked, and who was given what.</summary>
    public FlagDecision Decide(in FlagPerson person, string key)
    {
        if (store.Current.Find(person.TenantId, key) is not { } flag)
        {
            // Archived, or not read yet: neither is strange for one that is declared.
            if (catalog.Find(key) is null) store.NoteUnknown(key);
            return catalog.Fallback(key);
        }

        var now = time.GetUtcNow().UtcTicks;
        var decision = flag.Evaluate(person, now);
        exposures.Note(flag, person.IsImpersonated ? null : person.Id, decision, now);
        return decision;
    }
}
