using System.Security.Claims;
using System.Security.Cryptography;
using Governance.Domain.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Governance.Edge.Security;

/// <summary>
/// The built-in issuer of a single node: signs with a key file that only its owner may read. In production the tokens
/// come from the district's OpenID provider.
/// </summary>
public sealed class TokenIssuer
{
    public const string Name = "governance";
    private const int KeyBytes = 64;
    private readonly SymmetricSecurityKey _key;
    private readonly TimeProvider _time;

    /// <param name="keyFolder">Where <c>token.key</c> lies; made on first use.</param>
    public TokenIssuer(string keyFolder, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(keyFolder);
        var file = Path.Combine(keyFolder, "token.key");
        if (!File.Exists(file)) Create(file);
        _key = new SymmetricSecurityKey(File.ReadAllBytes(file));
    }

    public TokenValidationParameters Validation => new()
    {
        ValidIssuer = Name, ValidAudience = Name, IssuerSigningKey = _key, ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        ClockSkew = TimeSpan.FromSeconds(30), NameClaimType = "sub", RoleClaimType = CallerOf.RoleClaim,
    };

    /// <param name="gateway">The gateway that the token speaks for; empty for people and apps.</param>
    public string Issue(string subject, string organisation, IEnumerable<string> roles, string gateway, TimeSpan lifetime)
    {
        var claims = new List<Claim> { new("sub", subject), new(CallerOf.OrganisationClaim, organisation), new(CallerOf.GatewayClaim, gateway) };
        claims.AddRange(roles.Select(r => new Claim(CallerOf.RoleClaim, r)));
        var now = _time.GetUtcNow();
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name, Audience = Name, Subject = new ClaimsIdentity(claims), IssuedAt = now.UtcDateTime, NotBefore = now.UtcDateTime, Expires = (now + lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>For a person or app, for a day.</summary>
    public string For(string subject, string organisation, params string[] roles) => Issue(subject, organisation, roles, "", TimeSpan.FromHours(24));

    private static void Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Several nodes may start at once on one folder: whole or not at all, and the first one counts.
        var draft = $"{file}.{Guid.NewGuid():n}";
        using (var stream = new FileStream(draft, options)) stream.Write(RandomNumberGenerator.GetBytes(KeyBytes));
        try { File.Move(draft, file, overwrite: false); }
        catch (IOException) when (File.Exists(file)) { File.Delete(draft); }
    }
}
