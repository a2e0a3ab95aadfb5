using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace BlazorAdmin.Data.Keys;

/// <summary>Keeps the data-protection keys in the database.</summary>
public sealed class DatabaseKeyRepository(IDbContextFactory<AppDbContext> databases, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.CreateDbContext();
        return [.. db.Set<DataProtectionKey>().AsNoTracking().OrderBy(k => k.Id).Select(k => k.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.CreateDbContext();
        db.Add(new DataProtectionKey { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), CreatedAt = time.GetUtcNow() });
        db.SaveChanges();
    }
}
