//! Prefixes of the credentials of known vendors.
//!
//! The formats are those that the vendors document, compared with the default configuration of gitleaks
//! (<https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml>); `spec/secrets.md` lists both.

use crate::text::Words;

/// What follows a prefix.
pub(super) enum Body {
    /// At least this many random letters, digits, `-` and `_`.
    Token(usize),
    /// Exactly this many upper-case letters and digits.
    Capitals(usize),
    /// Exactly this many hexadecimal digits.
    Hex(usize),
    /// At least this many base64 characters.
    Base64(usize),
    /// Three parts of base64, the second of which begins like the first.
    Jwt,
    /// A block that ends with an END line.
    Pem,
    /// The path of a webhook.
    Path,
    /// Exactly these numbers of letters and digits, one per part, with dots between the parts.
    Parts(&'static [usize]),
    /// A user, `/`, a password and `@`, as in Oracle connection strings.
    Slashed,
    /// After the name of a user, the `key` that belongs to it: exactly this many hexadecimal digits.
    KeyOfUser(usize),
    /// A user and a password with a colon between them, in a command of an HTTP client.
    Account,
    /// A password in a command that logs in.
    Login,
    /// A number of bytes of a class before the prefix, and at least a number of bytes of a token after it.
    Infix(fn(&u8) -> bool, usize, usize),
}

use Body::{Account, Base64, Capitals, Hex, Infix, Jwt, KeyOfUser, Login, Parts, Path, Pem, Slashed, Token};

/// (prefix, what follows, description). Of two prefixes that begin alike, the longer one comes first.
#[rustfmt::skip]
pub(super) const SHAPES: &[(&str, Body, &str)] = &[
    // Cloud providers.
    ("AKIA", Capitals(16), "an AWS access key"),
    ("ASIA", Capitals(16), "an AWS access key"),
    ("ABIA", Capitals(16), "an AWS access key"),
    ("ACCA", Capitals(16), "an AWS access key"),
    ("A3T", Capitals(17), "an AWS access key"),
    ("ABSK", Base64(100), "an AWS Bedrock key"),
    ("bedrock-api-key-", Base64(40), "an AWS Bedrock key"),
    ("AIza", Token(35), "a Google API key"),
    ("ya29.", Token(30), "a Google access token"),
    ("GOCSPX-", Token(28), "a Google client secret"),
    ("Q~", Infix(is_of_azure, 4, 31), "an Azure client secret"),
    ("LTAI", Token(16), "an Alibaba access key"),
    ("dop_v1_", Hex(64), "a DigitalOcean token"),
    ("doo_v1_", Hex(64), "a DigitalOcean token"),
    ("dor_v1_", Hex(64), "a DigitalOcean token"),
    ("HRKU-", Token(60), "a Heroku API key"),
    ("v1.0-", Token(171), "a Cloudflare key"),
    ("tk-us-", Token(48), "a Scalingo token"),
    ("sha256~", Token(43), "an OpenShift token"),
    ("AQVN", Token(35), "a Yandex API key"),
    ("fo1_", Token(43), "a Fly access token"),
    ("fm1a_", Base64(100), "a Fly access token"),
    ("fm1r_", Base64(100), "a Fly access token"),
    ("fm2_", Base64(100), "a Fly access token"),
    (".atlasv1.", Infix(u8::is_ascii_alphanumeric, 14, 60), "a Terraform token"),
    ("pul-", Hex(40), "a Pulumi token"),
    ("hvs.", Token(20), "a Vault token"),
    ("hvb.", Token(20), "a Vault token"),
    ("hvr.", Token(20), "a Vault token"),
    ("s.", Parts(&[24]), "a Vault token"),
    ("dp.pt.", Token(40), "a Doppler token"),
    ("dp.sa.", Token(40), "a Doppler token"),
    ("ops_eyJ", Base64(200), "a 1Password token"),
    ("A3-", Token(31), "a 1Password key"),
    ("dnkey-", Token(79), "a Defined Networking key"),
    ("ico-", Token(32), "an Infracost key"),
    ("AGE-SECRET-KEY-1", Capitals(58), "an age key"),
    // Code hosts and package registries.
    ("github_pat_", Token(30), "a GitHub token"),
    ("ghp_", Token(30), "a GitHub token"),
    ("gho_", Token(30), "a GitHub token"),
    ("ghu_", Token(30), "a GitHub token"),
    ("ghs_", Token(30), "a GitHub token"),
    ("ghr_", Token(30), "a GitHub token"),
    ("glpat-", Token(20), "a GitLab token"),
    ("glrt-", Token(20), "a GitLab token"),
    ("gldt-", Token(20), "a GitLab token"),
    ("glcbt-", Token(20), "a GitLab token"),
    ("glptt-", Token(20), "a GitLab token"),
    ("glft-", Token(20), "a GitLab token"),
    ("glimt-", Token(20), "a GitLab token"),
    ("glsoat-", Token(20), "a GitLab token"),
    ("gloas-", Token(30), "a GitLab token"),
    ("glagent-", Token(30), "a GitLab token"),
    ("glffct-", Token(20), "a GitLab token"),
    ("GR1348941", Token(20), "a GitLab token"),
    ("_gitlab_session=", Token(32), "a GitLab session"),
    ("ATATT3", Token(100), "an Atlassian token"),
    ("sgp_local_", Hex(40), "a Sourcegraph token"),
    ("sgp_", Token(40), "a Sourcegraph token"),
    ("npm_", Token(36), "an npm token"),
    ("pypi-AgE", Token(40), "a PyPI token"),
    ("rubygems_", Hex(48), "a RubyGems token"),
    ("dckr_pat_", Token(20), "a Docker Hub token"),
    ("dckr_oat_", Token(20), "a Docker Hub token"),
    ("AKCp", Token(69), "an Artifactory key"),
    ("cmVmd", Token(59), "an Artifactory token"),
    ("CLOJARS_", Token(60), "a Clojars token"),
    ("API-", Capitals(26), "an Octopus key"),
    ("pat.", Parts(&[22, 24, 20]), "a Harness token"),
    ("sat.", Parts(&[22, 24, 20]), "a Harness token"),
    ("squ_", Token(40), "a Sonar token"),
    ("sqp_", Token(40), "a Sonar token"),
    ("sqa_", Token(40), "a Sonar token"),
    // Models, data and experiment tracking.
    ("hf_", Token(30), "a Hugging Face token"),
    ("api_org_", Token(30), "a Hugging Face token"),
    ("r8_", Token(30), "a Replicate token"),
    ("gsk_", Token(40), "a Groq API key"),
    ("pplx-", Token(40), "a Perplexity API key"),
    ("nvapi-", Token(40), "an NVIDIA API key"),
    ("xai-", Token(40), "an xAI API key"),
    ("tgp_v1_", Token(30), "a Together API key"),
    ("pcsk_", Token(40), "a Pinecone API key"),
    ("lsv2_pt_", Token(32), "a LangSmith API key"),
    ("lsv2_sk_", Token(32), "a LangSmith API key"),
    ("tvly-", Token(24), "a Tavily API key"),
    ("csk-", Token(32), "a Cerebras API key"),
    ("KGAT_", Token(24), "a Kaggle token"),
    ("\"key\":", KeyOfUser(32), "a Kaggle key"),
    ("eyJhcGlfYWRkcmVzcyI6", Base64(40), "a Neptune token"),
    ("dapi", Hex(32), "a Databricks token"),
    ("4b1d", Token(38), "a ClickHouse key"),
    ("pscale_tkn_", Token(32), "a PlanetScale token"),
    ("pscale_pw_", Token(32), "a PlanetScale password"),
    ("pscale_oauth_", Token(32), "a PlanetScale token"),
    ("sbp_", Hex(40), "a Supabase token"),
    ("napi_", Token(40), "a Neon API key"),
    ("jdbc:oracle:thin:", Slashed, "a password"),
    ("jdbc:oracle:oci:", Slashed, "a password"),
    ("sqlplus ", Slashed, "a password"),
    ("pnu_", Token(36), "a Prefect token"),
    ("glsa_", Token(30), "a Grafana token"),
    ("glc_", Base64(30), "a Grafana token"),
    ("eyJrIjoi", Base64(70), "a Grafana API key"),
    ("dt0c01.", Token(24), "a Dynatrace token"),
    ("sntrys_", Base64(40), "a Sentry token"),
    ("sntryu_", Hex(64), "a Sentry token"),
    ("NRAK-", Capitals(27), "a New Relic API key"),
    ("NRII-", Token(32), "a New Relic key"),
    // Communication and productivity services.
    ("xoxb-", Token(20), "a Slack token"),
    ("xoxp-", Token(20), "a Slack token"),
    ("xoxa-", Token(20), "a Slack token"),
    ("xoxe-", Token(20), "a Slack token"),
    ("xoxo-", Token(20), "a Slack token"),
    ("xoxr-", Token(20), "a Slack token"),
    ("xoxs-", Token(20), "a Slack token"),
    ("xapp-", Token(20), "a Slack token"),
    ("xoxe.xox", Token(20), "a Slack token"),
    ("hooks.slack.com/", Path, "a Slack webhook"),
    ("discord.com/api/webhooks/", Path, "a Discord webhook"),
    ("discordapp.com/api/webhooks/", Path, "a Discord webhook"),
    ("webhook.office.com/", Path, "a Teams webhook"),
    (":AA", Infix(u8::is_ascii_digit, 8, 32), "a Telegram token"),
    ("SG.", Token(20), "a SendGrid API key"),
    ("xkeysib-", Token(40), "a Brevo API key"),
    ("key-", Hex(32), "a Mailgun key"),
    ("SK", Hex(32), "a Twilio API key"),
    ("sk_live_", Token(20), "a Stripe key"),
    ("sk_test_", Token(20), "a Stripe key"),
    ("rk_live_", Token(20), "a Stripe key"),
    ("rk_test_", Token(20), "a Stripe key"),
    ("sk_prod_", Token(20), "a Stripe key"),
    ("rk_prod_", Token(20), "a Stripe key"),
    ("whsec_", Base64(24), "a Stripe secret"),
    ("sq0atp-", Token(22), "a Square token"),
    ("EAAA", Token(56), "a Square token"),
    ("EAAM", Token(100), "a Facebook token"),
    ("EAAC", Token(100), "a Facebook token"),
    ("shpat_", Hex(32), "a Shopify token"),
    ("shpca_", Hex(32), "a Shopify token"),
    ("shppa_", Hex(32), "a Shopify token"),
    ("shpss_", Hex(32), "a Shopify secret"),
    ("lin_api_", Token(40), "a Linear API key"),
    ("ntn_", Token(40), "a Notion token"),
    ("figd_", Token(40), "a Figma token"),
    ("PMAK-", Token(50), "a Postman API key"),
    ("pat-na1-", Token(30), "a HubSpot token"),
    ("pat", Parts(&[14, 64]), "an Airtable token"),
    ("p8e-", Token(32), "an Adobe secret"),
    ("sk.eyJ", Base64(40), "a Mapbox token"),
    ("fio-u-", Token(64), "a Frame.io token"),
    ("rdme_", Token(70), "a ReadMe key"),
    ("tfp_", Token(40), "a Typeform token"),
    ("s-s4t2ud-", Token(64), "a 42 secret"),
    ("s-s4t2af-", Token(64), "a 42 secret"),
    ("sl.", Token(100), "a Dropbox token"),
    ("duffel_test_", Token(40), "a Duffel token"),
    ("duffel_live_", Token(40), "a Duffel token"),
    ("EZAK", Token(54), "an EasyPost key"),
    ("EZTK", Token(54), "an EasyPost key"),
    ("FLWSECK_TEST-", Token(12), "a Flutterwave key"),
    ("shippo_live_", Hex(40), "a Shippo token"),
    ("shippo_test_", Hex(40), "a Shippo token"),
    ("sm_aat_", Token(16), "a SettleMint token"),
    ("sm_pat_", Token(16), "a SettleMint token"),
    ("sm_sat_", Token(16), "a SettleMint token"),
    ("access-sandbox-", Token(36), "a Plaid token"),
    ("access-development-", Token(36), "a Plaid token"),
    ("access-production-", Token(36), "a Plaid token"),
    // Prefixes that several vendors share.
    ("sk-", Token(32), "an API key"),
    ("eyJ", Jwt, "a JSON web token"),
    ("ZXlKaGJHY2lPaU", Base64(60), "a JSON web token"),
    ("ZXlKMGVYQWlPaU", Base64(60), "a JSON web token"),
    ("-----BEGIN ", Pem, "a private key"),
    ("Bearer ", Token(20), "an access token"),
    ("bearer ", Token(20), "an access token"),
    (" -u", Account, "a password"),
    (" --user", Account, "a password"),
    (" -p", Login, "a password"),
];

/// The length of the shortest token, with its prefix, of the shapes that have no blank in them.
pub(super) const SHORTEST_RUN: usize = 20;

/// Whether a credential of this shape is a run of bytes without blanks, and begins where a word does. The others are recognized by what
/// stands around them in a line, or within a word.
const fn is_run(prefix: &str, body: &Body) -> bool {
    let mut index = 0;
    while index < prefix.len() {
        if prefix.as_bytes()[index] == b' ' {
            return false;
        }
        index += 1;
    }
    !matches!(body, KeyOfUser(_) | Account | Login | Pem | Slashed | Infix(..) | Path)
}

const fn count_of_runs() -> usize {
    let (mut index, mut count) = (0, 0);
    while index < SHAPES.len() {
        count += is_run(SHAPES[index].0, &SHAPES[index].1) as usize;
        index += 1;
    }
    count
}

const fn prefixes<const COUNT: usize>(are_runs: bool) -> [&'static str; COUNT] {
    let mut prefixes = [""; COUNT];
    let (mut index, mut count) = (0, 0);
    while index < SHAPES.len() {
        if is_run(SHAPES[index].0, &SHAPES[index].1) == are_runs {
            prefixes[count] = SHAPES[index].0;
            count += 1;
        }
        index += 1;
    }
    prefixes
}

/// The prefixes of the shapes that are runs of at least [`SHORTEST_RUN`] bytes without blanks.
pub(super) static OF_RUNS: Words = {
    const OF_RUNS: [&str; count_of_runs()] = prefixes(true);
    Words::new(&OF_RUNS)
};

/// The prefixes of the other shapes.
pub(super) static OF_LINES: Words = {
    const OF_LINES: [&str; SHAPES.len() - count_of_runs()] = prefixes(false);
    Words::new(&OF_LINES)
};

fn is_of_azure(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lists_every_prefix() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/secrets.md");
        let page = std::fs::read_to_string(path).unwrap();
        for (prefix, _, what) in SHAPES {
            let row = page.lines().find(|line| line.starts_with(&format!("| {what} |")));
            assert!(row.is_some_and(|row| row.contains(&format!("`{prefix}`"))), "{what}: {prefix}");
        }
        let (first, second) = page.split_once("## Compared").unwrap();
        let rows = first.lines().filter(|line| line.starts_with("| a") && line.contains('`'));
        let listed: usize = rows.map(|row| row.matches('`').count() / 2).sum();
        assert_eq!(listed, SHAPES.len(), "nothing else is listed");
        // Each rule of the published list belongs to one of the four groups.
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_id = |text: &&str| text.contains('-') && text.chars().all(word) || ["jwt"].contains(text);
        let ids: Vec<&str> = second.split('`').skip(1).step_by(2).filter(is_id).collect();
        let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert!(second.contains(&format!("{} rules", ids.len())) && distinct.len() == ids.len(), "{}", ids.len());
    }
}
