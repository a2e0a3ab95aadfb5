using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;

namespace BlazorAdmin.Features.Mail;

/// <summary>Mail that was written to somebody. Templates that they changed stay, without the name.</summary>
public sealed class MailPersonalData : IPersonalData
{
    public string Name => "mail";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(MailMessage), typeof(MailTemplateVersion)];

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.Set<MailMessage>().CountAsync(m => m.UserId == userId, cancellation);

    public Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation) => archive.WriteAsync(Name,
        db.Set<MailMessage>().AsNoTracking().Where(m => m.UserId == userId).OrderBy(m => m.CreatedAt)
            .Select(m => new { m.Template, m.Language, m.Address, m.Subject, m.State, m.CreatedAt, m.SentAt, m.Answer }).AsAsyncEnumerable(), cancellation);

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var id = erasure.UserId;
        await db.Set<MailMessage>().Where(m => m.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<MailTemplateVersion>().Where(v => v.CreatedBy == id).ExecuteUpdateAsync(set => set.SetProperty(v => v.CreatedBy, (Guid?)null), cancellation);
    }
}
